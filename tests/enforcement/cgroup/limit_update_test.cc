#include "enforcement/cgroup/limit_update.h"

#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "enforcement/cgroup/limit_fault.h"
#include "enforcement/cgroup/limit_text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/enforcement/cgroup/fake_limit_files.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr LimitVersions kV1 = {CgroupVersion::kV1, CgroupVersion::kV1,
                               CgroupVersion::kV1, CgroupVersion::kV1,
                               CgroupVersion::kV1, CgroupVersion::kV1};
constexpr LimitVersions kV2 = {CgroupVersion::kV2, CgroupVersion::kV2,
                               CgroupVersion::kV2, CgroupVersion::kV2,
                               CgroupVersion::kV2, CgroupVersion::kV2};

ResourceLimits All(uint64_t memory, uint64_t shares, double cores,
                   uint64_t period_usec, uint64_t pids) {
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(memory);
  limits.cpu_shares = shares;
  limits.cpu_quota = CpuQuota{cores, period_usec};
  limits.pids = Bound::Of(pids);
  return limits;
}

// Of controllers that tasks have no cgroup for until they are asked for.
ResourceLimits Rare(const std::string& cpus, uint32_t weight,
                    std::optional<Bound> read_bps,
                    std::optional<Bound> write_bps, uint64_t huge_bytes) {
  ResourceLimits limits;
  limits.cpuset_cpus = cpus;
  limits.io_weight = weight;
  limits.io_max = {
      {"8:0", read_bps, write_bps, std::nullopt, std::nullopt},
      {"8:16", std::nullopt, Bound::Of(512), Bound::Of(7), std::nullopt}};
  limits.hugetlb = {{"2MB", Bound::Of(huge_bytes)}};
  return limits;
}

TEST(UpdateLimitsTest, SetsAllAndTellsWhatWasWritten) {
  FakeLimitFiles files = FakeLimitFiles::V1();

  const absl::StatusOr<LimitUpdate> update =
      UpdateLimits(All(70'000, 512, 0.5, 100'000, 64), kV1, files);

  ASSERT_THAT(update, IsOk());
  EXPECT_THAT(
      files.writes(),
      ElementsAre("cpu.shares=512", "cpu.cfs_quota_us=50000", "pids.max=64",
                  "memory.limit_in_bytes=70000",
                  "memory.memsw.limit_in_bytes=70000", "memory.swappiness=0"));
  EXPECT_THAT(update->written, SizeIs(6));
  // The period was right already.
  EXPECT_THAT(update->settings, SizeIs(7));
}

TEST(UpdateLimitsTest, ShowsWhatTheKernelMadeOfALimit) {
  FakeLimitFiles files = FakeLimitFiles::V2();
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(70'000);

  const absl::StatusOr<LimitUpdate> update = UpdateLimits(limits, kV2, files);

  ASSERT_THAT(update, IsOk());
  EXPECT_THAT(update->settings,
              Contains(AllOf(Field(&LimitSetting::file, "memory.max"),
                             Field(&LimitSetting::requested, "70000"),
                             Field(&LimitSetting::applied, "70000"),
                             Field(&LimitSetting::read_back, "69632"))));
}

TEST(UpdateLimitsTest, WritesOnlyWhatDiffers) {
  FakeLimitFiles files = FakeLimitFiles::V1();
  ASSERT_THAT(UpdateLimits(All(65'536, 512, 0.5, 100'000, 64), kV1, files),
              IsOk());
  files.ForgetWrites();

  const absl::StatusOr<LimitUpdate> update =
      UpdateLimits(All(65'536, 512, 0.75, 100'000, 64), kV1, files);

  ASSERT_THAT(update, IsOk());
  EXPECT_THAT(files.writes(), ElementsAre("cpu.cfs_quota_us=75000"));
}

TEST(UpdateLimitsTest, NoLimitsWriteNothing) {
  FakeLimitFiles files = FakeLimitFiles::V1();
  EXPECT_THAT(UpdateLimits(ResourceLimits{}, kV1, files), IsOk());
  EXPECT_THAT(files.writes(), IsEmpty());
}

TEST(UpdateLimitsTest, OneDeviceIsLimitedWithoutTheOthers) {
  FakeLimitFiles files = FakeLimitFiles::V2();
  files.Put("io.max", "8:16 rbps=7 wbps=7 riops=7 wiops=7");
  ResourceLimits limits;
  limits.io_max = {
      {"8:0", Bound::Of(1024), std::nullopt, std::nullopt, std::nullopt}};

  const absl::StatusOr<LimitUpdate> update = UpdateLimits(limits, kV2, files);

  ASSERT_THAT(update, IsOk());
  EXPECT_THAT(files.writes(),
              ElementsAre("io.max=8:0 rbps=1024 wbps=max riops=max wiops=max"));
  EXPECT_THAT(
      update->written,
      ElementsAre(AllOf(Field(&LimitSetting::file, "io.max"),
                        Field(&LimitSetting::item, "8:0"),
                        Field(&LimitSetting::requested, "rbps=1024"),
                        Field(&LimitSetting::read_back,
                              "rbps=1024 wbps=max riops=max wiops=max"))));
}

// A task of 100 MiB that cannot be reclaimed.
FakeLimitFiles InUse() {
  FakeLimitFiles files = FakeLimitFiles::V2();
  files.Put("memory.current", "104857600");
  files.Put("memory.events", "oom_kill 3");
  files.Put("memory.reclaim", "");
  return files;
}

TEST(UpdateLimitsTest, ALimitBelowWhatIsInUseIsRefusedAndAllIsPutBack) {
  FakeLimitFiles files = InUse();
  const std::map<std::string, std::string> before = files.texts();
  const MemoryDecreaseOptions at_once = {absl::ZeroDuration()};

  const absl::Status status =
      UpdateLimits(All(65'536, 512, 0.5, 100'000, 64), kV2, files, &at_once)
          .status();

  EXPECT_THAT(status,
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("memory.max: wanted 65536, 100M in use"),
                             HasSubstr("in force max"),
                             HasSubstr("pids.max: wanted 64, put back, in "
                                       "force max"))));
  EXPECT_EQ(LimitFaultOf(status), "memory");
  std::map<std::string, std::string> after = files.texts();
  after["memory.reclaim"] = "";
  EXPECT_EQ(after, before);
}

TEST(UpdateLimitsTest, ALimitBelowWhatIsInUseIsSetByForce) {
  FakeLimitFiles files = InUse();
  const MemoryDecreaseOptions by_force = {absl::ZeroDuration(),
                                          /*force=*/true};
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(65'536);

  const absl::StatusOr<LimitUpdate> update =
      UpdateLimits(limits, kV2, files, &by_force);

  ASSERT_THAT(update, IsOk());
  ASSERT_TRUE(update->memory_decrease.has_value());
  EXPECT_EQ(update->memory_decrease->usage_before_bytes, 104'857'600u);
  EXPECT_EQ(files.texts().at("memory.max"), "65536");
  EXPECT_EQ(files.texts().at("memory.high"), "max");
}

TEST(UpdateLimitsTest, WhatIsInUseDoesNotMatterToAHigherLimit) {
  FakeLimitFiles files = InUse();
  files.Put("memory.max", "65536");
  const MemoryDecreaseOptions at_once = {absl::ZeroDuration()};
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(131'072);

  const absl::StatusOr<LimitUpdate> update =
      UpdateLimits(limits, kV2, files, &at_once);

  ASSERT_THAT(update, IsOk());
  EXPECT_FALSE(update->memory_decrease.has_value());
}

struct RollbackCase {
  const char* name;
  LimitVersions versions;
  FakeLimitFiles (*make)();
};

class RollbackTest : public ::testing::TestWithParam<RollbackCase> {};

// Up, down and sideways, with each write failing in its turn.
TEST_P(RollbackTest, WhicheverWriteFailsAllIsAsBefore) {
  const ResourceLimits small = All(65'536, 512, 0.5, 100'000, 64);
  const ResourceLimits steps[] = {
      small,
      All(131'072, 2048, 2, 500'000, 128),
      small,
      All(65'536, 256, 2, 20'000, 16),
      Rare("0-1", 200, Bound::Of(1024), std::nullopt, 4 << 20),
      Rare("1", 50, Bound::Of(2048), Bound::Of(4096), 0),
      Rare("", 100, Bound::Unlimited(), Bound::Unlimited(), 8 << 20)};

  FakeLimitFiles files = GetParam().make();
  for (const ResourceLimits& limits : steps) {
    const std::map<std::string, std::string> before = files.texts();
    FakeLimitFiles rehearsal = files;
    const auto rehearsed = UpdateLimits(limits, GetParam().versions, rehearsal);
    ASSERT_THAT(rehearsed, IsOk());
    ASSERT_FALSE(rehearsed->written.empty());

    for (size_t k = 0; k < rehearsed->written.size(); ++k) {
      SCOPED_TRACE(k);
      files.ForgetWrites();
      files.FailWrite(k);
      const absl::StatusOr<LimitUpdate> update =
          UpdateLimits(limits, GetParam().versions, files);

      EXPECT_THAT(update, StatusIs(absl::ErrnoToStatus(EIO, "").code(),
                                   HasSubstr("limits not changed")));
      EXPECT_THAT(std::string(update.status().message()),
                  HasSubstr(LimitName(rehearsed->written[k].file,
                                      rehearsed->written[k].item) +
                            ": wanted " + rehearsed->written[k].applied));
      EXPECT_EQ(files.texts(), before);
    }
    ASSERT_THAT(UpdateLimits(limits, GetParam().versions, files), IsOk());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Versions, RollbackTest,
    ::testing::Values(RollbackCase{"V1", kV1, &FakeLimitFiles::V1},
                      RollbackCase{"V2", kV2, &FakeLimitFiles::V2}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(UpdateLimitsTest, WithProcessesACpusetIsPutBackToWhatTheParentHas) {
  FakeLimitFiles files = FakeLimitFiles::V2();
  files.Populate();
  ResourceLimits limits;
  limits.cpuset_cpus = "1";
  limits.io_weight = 200;
  files.FailWrite(1);

  const absl::StatusOr<LimitUpdate> update = UpdateLimits(limits, kV2, files);

  EXPECT_THAT(update, StatusIs(absl::ErrnoToStatus(EIO, "").code(),
                               HasSubstr("cpuset.cpus: wanted 1, put back")));
  EXPECT_THAT(files.texts(), Contains(Pair("cpuset.cpus", "0-3")));
  EXPECT_THAT(files.texts(), Contains(Pair("io.weight", "default 100")));
}

TEST(UpdateLimitsTest, TheErrorTellsTheFateOfEachFile) {
  FakeLimitFiles files = FakeLimitFiles::V1();
  ResourceLimits limits;
  limits.cpu_shares = 512;
  limits.cpu_quota = CpuQuota{0.00005, 100'000};
  limits.pids = Bound::Of(64);

  const absl::StatusOr<LimitUpdate> update = UpdateLimits(limits, kV1, files);

  EXPECT_THAT(
      update,
      StatusIs(
          absl::StatusCode::kInvalidArgument,
          AllOf(HasSubstr("cpu.shares: wanted 512, put back, in force 1024"),
                HasSubstr("cpu.cfs_quota_us: wanted 5, write "
                          "cpu.cfs_quota_us: Invalid argument, in force -1"),
                HasSubstr("pids.max: wanted 64, not tried, in force max"))));
}

TEST(UpdateLimitsTest, WhatTheKernelChangesAlongIsPutBackToo) {
  FakeLimitFiles files = FakeLimitFiles::V2();
  files.Put("cpu.weight", "300");
  files.FailWrite(1);
  ResourceLimits limits;
  limits.cpu_idle = true;
  limits.pids = Bound::Of(64);

  EXPECT_THAT(UpdateLimits(limits, kV2, files),
              StatusIs(absl::ErrnoToStatus(EIO, "").code()));

  EXPECT_EQ(files.texts().at("cpu.idle"), "0");
  EXPECT_EQ(files.texts().at("cpu.weight"), "300");
}

TEST(UpdateLimitsTest, TheErrorTellsWhatCouldNotBePutBack) {
  FakeLimitFiles files = FakeLimitFiles::V1();
  files.FailWrite(1);
  files.FailWrite(2);
  ResourceLimits limits;
  limits.cpu_shares = 512;
  limits.pids = Bound::Of(64);

  EXPECT_THAT(UpdateLimits(limits, kV1, files),
              StatusIs(absl::ErrnoToStatus(EIO, "").code(),
                       HasSubstr("cpu.shares: wanted 512, not put back to "
                                 "1024: write cpu.shares: Input/output error, "
                                 "in force 512")));
}

// A kernel that takes a value and keeps another.
class DeafFiles final : public LimitFiles {
 public:
  absl::StatusOr<std::string> Read(const std::string& /*controller*/,
                                   const std::string& /*file*/) const override {
    return "max\n";
  }
  absl::StatusOr<std::string> Write(const std::string& /*controller*/,
                                    const std::string& /*file*/,
                                    const std::string& /*value*/) override {
    return "max\n";
  }
};

TEST(UpdateLimitsTest, ALimitThatReadsBackAsAnotherIsAnError) {
  DeafFiles files;
  ResourceLimits limits;
  limits.pids = Bound::Of(64);

  EXPECT_THAT(UpdateLimits(limits, kV1, files),
              StatusIs(absl::StatusCode::kDataLoss,
                       HasSubstr("the kernel made it max")));
}

}  // namespace
}  // namespace reeve
