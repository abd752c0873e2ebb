#include "enforcement/cgroup/limit_update.h"

#include <map>
#include <string>

#include "absl/status/status.h"
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
using ::testing::SizeIs;

constexpr LimitVersions kV1 = {CgroupVersion::kV1, CgroupVersion::kV1,
                               CgroupVersion::kV1};
constexpr LimitVersions kV2 = {CgroupVersion::kV2, CgroupVersion::kV2,
                               CgroupVersion::kV2};

ResourceLimits All(uint64_t memory, uint64_t shares, double cores,
                   uint64_t period_usec, uint64_t pids) {
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(memory);
  limits.cpu_shares = shares;
  limits.cpu_quota = CpuQuota{cores, period_usec};
  limits.pids = Bound::Of(pids);
  return limits;
}

TEST(UpdateLimitsTest, SetsAllAndTellsWhatWasWritten) {
  FakeLimitFiles files = FakeLimitFiles::V1();

  const absl::StatusOr<LimitUpdate> update =
      UpdateLimits(All(70'000, 512, 0.5, 100'000, 64), kV1, files);

  ASSERT_THAT(update, IsOk());
  EXPECT_THAT(
      files.writes(),
      ElementsAre("memory.limit_in_bytes=70000",
                  "memory.memsw.limit_in_bytes=70000", "memory.swappiness=0",
                  "cpu.shares=512", "cpu.cfs_quota_us=50000", "pids.max=64"));
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

struct RollbackCase {
  const char* name;
  LimitVersions versions;
  FakeLimitFiles (*make)();
};

class RollbackTest : public ::testing::TestWithParam<RollbackCase> {};

// Up, down and sideways, with each write failing in its turn.
TEST_P(RollbackTest, WhicheverWriteFailsAllIsAsBefore) {
  const ResourceLimits small = All(65'536, 512, 0.5, 100'000, 64);
  const ResourceLimits steps[] = {small, All(131'072, 2048, 2, 500'000, 128),
                                  small, All(65'536, 256, 2, 20'000, 16)};

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
                  HasSubstr(rehearsed->written[k].file + ": wanted " +
                            rehearsed->written[k].applied));
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
