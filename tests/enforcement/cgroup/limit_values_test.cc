#include "enforcement/cgroup/limit_values.h"

#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/enforcement/cgroup/fake_limit_files.h"

namespace reeve {
namespace {

using ::testing::DoubleEq;
using ::testing::Eq;
using ::testing::IsEmpty;
using ::testing::Optional;

LimitSetting Setting(const std::string& file, const std::string& requested,
                     const std::string& text) {
  return {file.substr(0, file.find('.')), file, requested, text, text};
}

TEST(LimitValuesOfTest, ReadsV1) {
  const LimitValues values =
      LimitValuesOf({Setting("memory.limit_in_bytes", "70000", "69632"),
                     Setting("memory.memsw.limit_in_bytes", "70000", "69632"),
                     Setting("cpu.shares", "512", "512"),
                     Setting("cpu.cfs_quota_us", "0.5", "50000"),
                     Setting("cpu.cfs_period_us", "100000", "100000"),
                     Setting("pids.max", "64", "64")});

  EXPECT_THAT(values.memory_bytes, Optional(69632));
  EXPECT_THAT(values.cpu_shares, Optional(512));
  EXPECT_THAT(values.cpu_cores, Optional(DoubleEq(0.5)));
  EXPECT_THAT(values.cpu_period_seconds, Optional(DoubleEq(0.1)));
  EXPECT_THAT(values.threads, Optional(64));
}

TEST(LimitValuesOfTest, ReadsV2WithSharesAsRequested) {
  const LimitValues values =
      LimitValuesOf({Setting("memory.max", "69632", "69632"),
                     Setting("cpu.weight", "1000", "97"),
                     Setting("cpu.max", "1.5 20000", "30000 20000")});

  EXPECT_THAT(values.memory_bytes, Optional(69632));
  EXPECT_THAT(values.cpu_shares, Optional(1000));
  EXPECT_THAT(values.cpu_cores, Optional(DoubleEq(1.5)));
  EXPECT_THAT(values.cpu_period_seconds, Optional(DoubleEq(0.02)));
  EXPECT_THAT(values.threads, Eq(std::nullopt));
}

TEST(LimitValuesOfTest, SwapIsWithoutMemoryOnEitherVersion) {
  EXPECT_THAT(
      LimitValuesOf({Setting("memory.limit_in_bytes", "65536", "65536"),
                     Setting("memory.memsw.limit_in_bytes", "4096", "69632")})
          .memory_swap_bytes,
      Optional(4096));
  EXPECT_THAT(LimitValuesOf({Setting("memory.swap.max", "4096", "4096")})
                  .memory_swap_bytes,
              Optional(4096));
  EXPECT_FALSE(
      LimitValuesOf({Setting("memory.limit_in_bytes", "65536", "65536"),
                     Setting("memory.memsw.limit_in_bytes", "max",
                             FakeLimitFiles::kV1Unlimited)})
          .memory_swap_bytes.has_value());
}

TEST(LimitValuesOfTest, ReadsTheMemoryLimitsOfV2) {
  const LimitValues values = LimitValuesOf(
      {Setting("memory.high", "49152", "49152"),
       Setting("memory.low", "32768", "32768"), Setting("memory.min", "0", "0"),
       Setting("memory.oom.group", "1", "1")});

  EXPECT_THAT(values.memory_high_bytes, Optional(49152));
  EXPECT_THAT(values.memory_low_bytes, Optional(32768));
  EXPECT_THAT(values.memory_min_bytes, Optional(0));
  EXPECT_THAT(values.memory_oom_group, Optional(1));
  EXPECT_FALSE(values.memory_swap_bytes.has_value());
}

TEST(LimitValuesOfTest, ReadsTheBurstOfEitherVersion) {
  for (const char* file : {"cpu.cfs_burst_us", "cpu.max.burst"}) {
    EXPECT_THAT(
        LimitValuesOf({Setting(file, "20000", "20000")}).cpu_burst_seconds,
        Optional(DoubleEq(0.02)));
  }
}

TEST(LimitValuesOfTest, AnIdleTaskHasNoShares) {
  const LimitValues values = LimitValuesOf(
      {Setting("cpu.shares", "512", "3"), Setting("cpu.idle", "1", "1")});

  EXPECT_THAT(values.cpu_idle, Optional(1));
  EXPECT_FALSE(values.cpu_shares.has_value());
}

TEST(LimitValuesOfTest, SharesAreThoseInForceIfTheKernelHasAnotherWeight) {
  EXPECT_THAT(
      LimitValuesOf({{"cpu", "cpu.weight", "512", "50", "100"}}).cpu_shares,
      Optional(1024));
}

TEST(LimitValuesOfTest, NoLimitIsAbsent) {
  const LimitValues values = LimitValuesOf(
      {Setting("memory.limit_in_bytes", "max", FakeLimitFiles::kV1Unlimited),
       Setting("cpu.cfs_quota_us", "max", "-1"),
       Setting("cpu.cfs_period_us", "100000", "100000"),
       Setting("pids.max", "max", "max")});

  EXPECT_FALSE(values.memory_bytes.has_value());
  EXPECT_FALSE(values.cpu_cores.has_value());
  EXPECT_FALSE(values.cpu_period_seconds.has_value());
  EXPECT_FALSE(values.threads.has_value());
  EXPECT_FALSE(values.cpu_shares.has_value());
}

TEST(SettingsInForceTest, ANewCgroupHasNone) {
  EXPECT_THAT(SettingsInForce(FakeLimitFiles::V1().texts()), IsEmpty());
  EXPECT_THAT(SettingsInForce(FakeLimitFiles::V2().texts()), IsEmpty());
}

TEST(SettingsInForceTest, FindsTheLimitsOfV1) {
  LimitTexts texts = FakeLimitFiles::V1().texts();
  texts["memory.limit_in_bytes"] = "65536";
  texts["cpu.cfs_quota_us"] = "50000";
  texts["cpu.shares"] = "512";

  const LimitValues values = LimitValuesOf(SettingsInForce(texts));

  EXPECT_THAT(values.memory_bytes, Optional(65536));
  EXPECT_THAT(values.cpu_cores, Optional(DoubleEq(0.5)));
  EXPECT_THAT(values.cpu_shares, Optional(512));
  EXPECT_FALSE(values.threads.has_value());
}

TEST(SettingsInForceTest, FindsTheSwapLimitOfV1) {
  LimitTexts texts = FakeLimitFiles::V1().texts();
  texts["memory.limit_in_bytes"] = "65536";
  texts["memory.memsw.limit_in_bytes"] = "69632";

  const std::vector<LimitSetting> settings = SettingsInForce(texts);

  ASSERT_EQ(settings.size(), 3u);
  EXPECT_EQ(settings[1].file, "memory.memsw.limit_in_bytes");
  EXPECT_EQ(settings[1].requested, "4096");
  EXPECT_THAT(LimitValuesOf(settings).memory_swap_bytes, Optional(4096));
}

TEST(SettingsInForceTest, TurnsAWeightBackIntoShares) {
  LimitTexts texts = FakeLimitFiles::V2().texts();
  texts["cpu.weight"] = "25";

  const LimitValues values = LimitValuesOf(SettingsInForce(texts));

  EXPECT_THAT(values.cpu_shares, Optional(256));
}

}  // namespace
}  // namespace reeve
