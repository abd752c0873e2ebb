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

LimitSetting ItemSetting(const std::string& file, const std::string& item,
                         const std::string& text) {
  LimitSetting setting = Setting(file, text, text);
  setting.item = item;
  return setting;
}

TEST(LimitValuesOfTest, ReadsWhichCpusATaskHas) {
  const LimitValues values =
      LimitValuesOf({Setting("cpuset.cpus", "0,1,3", "0-1,3"),
                     Setting("cpuset.mems", "0", "0")});

  EXPECT_THAT(values.cpuset_cpus, Optional(std::string("0-1,3")));
  EXPECT_THAT(values.cpuset_cpu_count, Optional(3));
  EXPECT_THAT(values.cpuset_mems, Optional(std::string("0")));
}

TEST(LimitValuesOfTest, ReadsHowManyCpusATaskHasAlone) {
  LimitSetting setting = Setting("cpuset.cpus", "2-3", "2-3");
  setting.requested = "2 reserved";
  const LimitValues reserved = LimitValuesOf({setting});
  setting.requested = "pool";
  const LimitValues pool = LimitValuesOf({setting});

  EXPECT_THAT(reserved.reserved_cpu_count, Optional(2));
  EXPECT_THAT(reserved.cpuset_cpus, Optional(std::string("2-3")));
  EXPECT_FALSE(pool.reserved_cpu_count.has_value());
  EXPECT_THAT(pool.cpuset_cpus, Optional(std::string("2-3")));
}

TEST(LimitValuesOfTest, AllCpusAreNoLimit) {
  const LimitValues values =
      LimitValuesOf({Setting("cpuset.cpus", "all", "0-1")});

  EXPECT_FALSE(values.cpuset_cpus.has_value());
  EXPECT_FALSE(values.cpuset_cpu_count.has_value());
}

TEST(LimitValuesOfTest, ReadsTheRatesOfEachDeviceOnEitherVersion) {
  const LimitValues v2 = LimitValuesOf(
      {ItemSetting("io.max", "8:0", "rbps=1024 wbps=max riops=max wiops=10"),
       ItemSetting("io.max", "8:16", "rbps=max wbps=max riops=max wiops=max"),
       ItemSetting("io.max", "7:0", "rbps=max wbps=7 riops=max wiops=max")});
  const LimitValues v1 = LimitValuesOf(
      {ItemSetting("blkio.throttle.read_bps_device", "8:0", "1024"),
       ItemSetting("blkio.throttle.read_bps_device", "8:16", "0"),
       ItemSetting("blkio.throttle.write_iops_device", "8:0", "10"),
       ItemSetting("blkio.throttle.write_bps_device", "7:0", "7")});

  for (const LimitValues& values : {v2, v1}) {
    ASSERT_EQ(values.io.size(), 2u);
    EXPECT_EQ(values.io[0].device, "8:0");
    EXPECT_THAT(values.io[0].read_bytes, Optional(1024));
    EXPECT_FALSE(values.io[0].write_bytes.has_value());
    EXPECT_THAT(values.io[0].write_operations, Optional(10));
    EXPECT_EQ(values.io[1].device, "7:0");
    EXPECT_THAT(values.io[1].write_bytes, Optional(7));
  }
}

TEST(LimitValuesOfTest, AnIoWeightIsAsRequested) {
  EXPECT_THAT(
      LimitValuesOf({{"io", "io.weight", "5000", "5000", "default 5000"},
                     {"io", "io.bfq.weight", "5000", "1000", "default 1000"}})
          .io_weight,
      Optional(5000));
  EXPECT_THAT(LimitValuesOf({{"blkio", "blkio.weight", "200", "1000", "1000"}})
                  .io_weight,
              Optional(200));
}

TEST(LimitValuesOfTest, ReadsHugePagesOfEachSize) {
  const LimitValues values =
      LimitValuesOf({Setting("hugetlb.2MB.max", "4194304", "4194304"),
                     Setting("hugetlb.1GB.max", "max", "max"),
                     Setting("hugetlb.64KB.limit_in_bytes", "0", "0")});

  ASSERT_EQ(values.hugetlb.size(), 2u);
  EXPECT_EQ(values.hugetlb[0].page_size, "2MB");
  EXPECT_EQ(values.hugetlb[0].bytes, 4u << 20);
  EXPECT_EQ(values.hugetlb[1].page_size, "64KB");
  EXPECT_EQ(values.hugetlb[1].bytes, 0u);
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

TEST(SettingsInForceTest, FindsTheRareLimitsOfV1) {
  LimitTexts texts = FakeLimitFiles::V1().texts();
  texts["cpuset.cpus"] = "1-2";
  texts["blkio.bfq.weight"] = "200";
  texts["blkio.throttle.write_bps_device"] = "8:0 1024\n8:16 7";
  texts["hugetlb.2MB.limit_in_bytes"] = "0";

  const LimitValues values = LimitValuesOf(SettingsInForce(texts));

  EXPECT_THAT(values.cpuset_cpus, Optional(std::string("1-2")));
  EXPECT_FALSE(values.cpuset_mems.has_value());
  EXPECT_THAT(values.io_weight, Optional(200));
  ASSERT_EQ(values.io.size(), 2u);
  EXPECT_THAT(values.io[1].write_bytes, Optional(7));
  ASSERT_EQ(values.hugetlb.size(), 1u);
}

TEST(SettingsInForceTest, FindsTheRareLimitsOfV2) {
  LimitTexts texts = FakeLimitFiles::V2().texts();
  texts["cpuset.cpus"] = "1";
  texts["cpuset.mems"] = "0";  // All that the parent has.
  texts["io.weight"] = "default 50\n8:0 70";
  texts["io.max"] = "8:0 rbps=max wbps=1024 riops=max wiops=max";
  texts["hugetlb.2MB.max"] = "2097152";

  const LimitValues values = LimitValuesOf(SettingsInForce(texts));

  EXPECT_THAT(values.cpuset_cpus, Optional(std::string("1")));
  EXPECT_FALSE(values.cpuset_mems.has_value());
  EXPECT_THAT(values.io_weight, Optional(50));
  ASSERT_EQ(values.io.size(), 1u);
  EXPECT_THAT(values.io[0].write_bytes, Optional(1024));
  ASSERT_EQ(values.hugetlb.size(), 1u);
}

TEST(SettingsInForceTest, TurnsAWeightBackIntoShares) {
  LimitTexts texts = FakeLimitFiles::V2().texts();
  texts["cpu.weight"] = "25";

  const LimitValues values = LimitValuesOf(SettingsInForce(texts));

  EXPECT_THAT(values.cpu_shares, Optional(256));
}

}  // namespace
}  // namespace reeve
