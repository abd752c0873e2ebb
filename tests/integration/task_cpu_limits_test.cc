// The CPU limits of a task on the real kernel, whatever version it has.

#include <optional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/task_cgroup_fixture.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::DoubleEq;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;

class TaskCpuLimitsTest : public TaskCgroupTest {
 protected:
  std::string BurstFile() const {
    return IsV1("cpu") ? "cpu.cfs_burst_us" : "cpu.max.burst";
  }

  static bool Has(const TaskCgroup& cgroup, const std::string& file) {
    return Exists(cgroup.dirs().cpu->path + "/" + file);
  }
};

ResourceLimits QuotaAndBurst(double cores, uint64_t burst_usec) {
  ResourceLimits limits;
  limits.cpu_quota = CpuQuota{cores};
  limits.cpu_burst_usec = burst_usec;
  return limits;
}

TEST_F(TaskCpuLimitsTest, ABurstFollowsItsQuotaUpAndDown) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  if (!Has(*cgroup, BurstFile())) {
    GTEST_SKIP() << "this kernel has no " << BurstFile();
  }
  for (const uint64_t burst : {50'000, 20'000, 90'000, 0}) {
    const double cores = static_cast<double>(burst + 10'000) / 100'000;
    ASSERT_THAT(cgroup->Update(QuotaAndBurst(cores, burst)), IsOk());
    EXPECT_EQ(Read(*cgroup, "cpu", BurstFile()), std::to_string(burst));
    EXPECT_THAT(cgroup->Limits().cpu_burst_seconds,
                Optional(DoubleEq(static_cast<double>(burst) / 1e6)));
    EXPECT_THAT(cgroup->Limits().cpu_cores, Optional(DoubleEq(cores)));
  }
}

TEST_F(TaskCpuLimitsTest, AQuotaBelowTheBurstIsRefusedAndChangesNothing) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  if (!Has(*cgroup, BurstFile())) {
    GTEST_SKIP() << "this kernel has no " << BurstFile();
  }
  ASSERT_THAT(cgroup->Update(QuotaAndBurst(0.5, 50'000)), IsOk());
  ResourceLimits limits;
  limits.cpu_quota = CpuQuota{0.4};

  EXPECT_THAT(cgroup->Update(limits),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("CPU burst of 50000 us")));
  EXPECT_THAT(cgroup->Limits().cpu_cores, Optional(DoubleEq(0.5)));
}

TEST_F(TaskCpuLimitsTest, APeriodStaysUntilAnotherIsNamed) {
  ResourceLimits limits;
  limits.cpu_quota = CpuQuota{0.5};
  const auto cgroup = Create("web", limits);
  ASSERT_NE(cgroup, nullptr);
  const auto period_after = [&](const CpuQuota& quota) {
    limits.cpu_quota = quota;
    EXPECT_THAT(cgroup->Update(limits), IsOk());
    if (IsV1("cpu")) return Read(*cgroup, "cpu", "cpu.cfs_period_us");
    const std::string both = Read(*cgroup, "cpu", "cpu.max");
    return both.substr(both.find(' ') + 1);
  };

  EXPECT_EQ(period_after({0.4}), "100000");
  EXPECT_EQ(period_after({0.5, 50'000}), "50000");
  EXPECT_EQ(period_after({0.8}), "50000");
  EXPECT_THAT(cgroup->Limits().cpu_cores, Optional(DoubleEq(0.8)));
  EXPECT_EQ(period_after({std::nullopt}), "50000");
  EXPECT_EQ(period_after({0.2}), "50000");
  EXPECT_THAT(cgroup->Limits().cpu_cores, Optional(DoubleEq(0.2)));
  EXPECT_EQ(period_after({0.2, 100'000}), "100000");
}

TEST_F(TaskCpuLimitsTest, AQuotaTooSmallForItsPeriodIsRefusedInWords) {
  ResourceLimits limits;
  limits.cpu_quota = CpuQuota{0.5, 2'000};
  const auto cgroup = Create("web", limits);
  ASSERT_NE(cgroup, nullptr);
  limits.cpu_quota = CpuQuota{0.4};

  EXPECT_THAT(cgroup->Update(limits),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("with a period of 2000 us")));
  EXPECT_THAT(cgroup->Limits().cpu_cores, Optional(DoubleEq(0.5)));
}

TEST_F(TaskCpuLimitsTest, ABurstWithoutAQuotaLeavesNoCgroup) {
  ResourceLimits limits;
  limits.cpu_burst_usec = 1000;

  EXPECT_THAT(
      TaskCgroup::Create(*controller_, *mounts_, parent_, "web", limits),
      StatusIs(absl::StatusCode::kInvalidArgument,
               HasSubstr("give a CPU limit too")));
  EXPECT_THAT(DirectoriesOf(parent_ + "/web"), IsEmpty());
}

TEST_F(TaskCpuLimitsTest, AnIdleTaskHasNoSharesUntilItIsIdleNoMore) {
  ResourceLimits shares;
  shares.cpu_shares = 512;
  const auto cgroup = Create("web", shares);
  ASSERT_NE(cgroup, nullptr);
  if (!Has(*cgroup, "cpu.idle")) {
    GTEST_SKIP() << "this kernel has no cpu.idle";
  }
  ResourceLimits idle;
  idle.cpu_idle = true;
  ASSERT_THAT(cgroup->Update(idle), IsOk());
  EXPECT_EQ(Read(*cgroup, "cpu", "cpu.idle"), "1");
  EXPECT_THAT(cgroup->Limits().cpu_idle, Optional(1));
  EXPECT_FALSE(cgroup->Limits().cpu_shares.has_value());
  EXPECT_THAT(cgroup->Update(shares),
              StatusIs(absl::StatusCode::kInvalidArgument));

  idle.cpu_idle = false;
  ASSERT_THAT(cgroup->Update(idle), IsOk());
  // The kernel has forgotten the old ones.
  EXPECT_THAT(cgroup->Limits().cpu_shares, Optional(1024));
  idle.cpu_shares = 512;
  ASSERT_THAT(cgroup->Update(idle), IsOk());
  EXPECT_THAT(cgroup->Limits().cpu_shares, Optional(512));
}

}  // namespace
}  // namespace reeve
