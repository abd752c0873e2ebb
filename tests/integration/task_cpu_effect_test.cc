// What CPU limits do to running tasks, by counts of the kernel that do not
// depend on what else the machine does: a quota by the periods in which it held
// the task back, shares by how two tasks divide what one processor gives them.

#include <sched.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <thread>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tests/integration/cpu_counters.h"
#include "tests/integration/task_cgroup_fixture.h"
#include "tests/testing/cgroup_child.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

[[noreturn]] void Spin() {
  while (true) {
  }
}

int SpinInTwoThreads() {
  std::thread second(Spin);
  Spin();
}

// A busy loop on the first processor that the test may use.
int SpinOnOneCpu() {
  cpu_set_t allowed;
  sched_getaffinity(0, sizeof(allowed), &allowed);
  cpu_set_t one;
  CPU_ZERO(&one);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &allowed)) continue;
    CPU_SET(cpu, &one);
    break;
  }
  sched_setaffinity(0, sizeof(one), &one);
  Spin();
}

ResourceLimits Shares(uint64_t shares) {
  ResourceLimits limits;
  limits.cpu_shares = shares;
  return limits;
}

class TaskCpuEffectTest : public TaskCgroupTest {
 protected:
  // So that tasks get enough of a busy machine to meet their limits.
  void OutweighOthers() {
    ASSERT_THAT(
        controller_->Set(
            parent_,
            {IsV1("cpu") ? CgroupSetting{"cpu", "cpu.shares", "262144"}
                         : CgroupSetting{"cpu", "cpu.weight", "10000"}}),
        IsOk());
  }
};

TEST_F(TaskCpuEffectTest, AQuotaIsOfAllThreadsTogether) {
  ResourceLimits limits;
  limits.cpu_quota = CpuQuota{0.5};
  const auto cgroup = Create("web", limits);
  ASSERT_NE(cgroup, nullptr);
  OutweighOthers();
  const auto child = Start(*cgroup, SpinInTwoThreads);

  const std::optional<double> cores = CoresOfThrottledPeriods(cgroup->dirs());

  ASSERT_TRUE(cores.has_value());
  EXPECT_NEAR(*cores, 0.5, 0.025);
}

TEST_F(TaskCpuEffectTest, SharesDivideOneProcessor) {
  const auto small_cgroup = Create("small", Shares(256));
  const auto large_cgroup = Create("large", Shares(768));
  ASSERT_NE(small_cgroup, nullptr);
  ASSERT_NE(large_cgroup, nullptr);
  OutweighOthers();
  const auto small_child = Start(*small_cgroup, SpinOnOneCpu);
  const auto large_child = Start(*large_cgroup, SpinOnOneCpu);
  CpuCounters small(small_cgroup->dirs());
  CpuCounters large(large_cgroup->dirs());

  // Time for both to have come to the same processor.
  absl::SleepFor(absl::Milliseconds(500));
  const absl::Duration small_before = small.Usage();
  const absl::Duration large_before = large.Usage();
  absl::SleepFor(absl::Seconds(5));
  const absl::Duration small_time = small.Usage() - small_before;
  const absl::Duration large_time = large.Usage() - large_before;

  EXPECT_NEAR(absl::FDivDuration(small_time, small_time + large_time), 0.25,
              0.04);
}

}  // namespace
}  // namespace reeve
