// The memory limits of a task on the real kernel, whatever version it has.

#include <sys/wait.h>

#include <csignal>
#include <memory>
#include <optional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/task_cgroup_fixture.h"
#include "tests/testing/cgroup_child.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::Optional;

class TaskMemoryLimitsTest : public TaskCgroupTest {
 protected:
  bool AccountsForSwap(const TaskCgroup& cgroup) const {
    return Exists(
        cgroup.dirs().memory->path +
        (IsV1("memory") ? "/memory.memsw.limit_in_bytes" : "/memory.swap.max"));
  }
};

ResourceLimits Memory(uint64_t mib) {
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(mib * kMiB);
  return limits;
}

ResourceLimits Swap(Bound bound) {
  ResourceLimits limits;
  limits.memory_swap_bytes = bound;
  return limits;
}

TEST_F(TaskMemoryLimitsTest, SwapIsLimitedWithoutMemoryOnEitherVersion) {
  const auto probe = Create("probe");
  ASSERT_NE(probe, nullptr);
  if (!AccountsForSwap(*probe)) {
    GTEST_SKIP() << "this kernel does not account for swap";
  }
  ResourceLimits limits = Memory(64);
  limits.memory_swap_bytes = Bound::Of(16 * kMiB);
  const auto cgroup = Create("web", limits);
  ASSERT_NE(cgroup, nullptr);

  if (IsV1("memory")) {
    EXPECT_EQ(Read(*cgroup, "memory", "memory.memsw.limit_in_bytes"),
              "83886080");
  } else {
    EXPECT_EQ(Read(*cgroup, "memory", "memory.swap.max"), "16777216");
  }
  EXPECT_THAT(cgroup->Limits().memory_swap_bytes, Optional(16 * kMiB));

  for (const uint64_t mib : {32, 8, 0}) {
    ASSERT_THAT(cgroup->Update(Swap(Bound::Of(mib * kMiB))), IsOk());
    EXPECT_THAT(cgroup->Limits().memory_swap_bytes, Optional(mib * kMiB));
    EXPECT_THAT(cgroup->Limits().memory_bytes, Optional(64 * kMiB));
  }
  ASSERT_THAT(cgroup->Update(Swap(Bound::Unlimited())), IsOk());
  EXPECT_FALSE(cgroup->Limits().memory_swap_bytes.has_value());
}

TEST_F(TaskMemoryLimitsTest, AMemoryLimitAloneIsWithoutSwap) {
  const auto cgroup = Create("web", Memory(64));
  ASSERT_NE(cgroup, nullptr);
  if (!AccountsForSwap(*cgroup)) {
    GTEST_SKIP() << "this kernel does not account for swap";
  }
  EXPECT_THAT(cgroup->Limits().memory_swap_bytes, Optional(0));
}

TEST_F(TaskMemoryLimitsTest, AReopenedCgroupKnowsItsSwapLimit) {
  ResourceLimits limits = Memory(64);
  const auto made = Create("web", limits);
  ASSERT_NE(made, nullptr);
  if (!AccountsForSwap(*made)) {
    GTEST_SKIP() << "this kernel does not account for swap";
  }
  ASSERT_THAT(made->Update(Swap(Bound::Of(16 * kMiB))), IsOk());

  const auto opened = TaskCgroup::Open(*controller_, *mounts_, parent_, "web");

  ASSERT_THAT(opened, IsOk());
  EXPECT_THAT((*opened)->Limits().memory_swap_bytes, Optional(16 * kMiB));
}

TEST_F(TaskMemoryLimitsTest, AMarkAboveTheLimitInForceIsRefused) {
  if (IsV1("memory")) GTEST_SKIP() << "memory is on cgroup v1 here";
  const auto cgroup = Create("web", Memory(64));
  ASSERT_NE(cgroup, nullptr);
  ResourceLimits high;
  high.memory_high_bytes = Bound::Of(65 * kMiB);

  EXPECT_THAT(cgroup->Update(high),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("memory limit, which is 67108864")));
  EXPECT_EQ(Read(*cgroup, "memory", "memory.high"), "max");
}

TEST_F(TaskMemoryLimitsTest, AGroupIsKilledAsOne) {
  if (IsV1("memory")) GTEST_SKIP() << "memory is on cgroup v1 here";
  ResourceLimits limits = Memory(16);
  limits.memory_oom_group = true;
  const auto cgroup = Create("web", limits);
  ASSERT_NE(cgroup, nullptr);
  const auto bystander = Start(*cgroup, Sleep);
  const auto child = Start(*cgroup, TakeMemory);

  const auto exit = bystander->Wait(kPatience);

  ASSERT_TRUE(exit.has_value());
  EXPECT_TRUE(WIFSIGNALED(*exit));
  EXPECT_EQ(WTERMSIG(*exit), SIGKILL);
  EXPECT_TRUE(child->Wait(kPatience).has_value());
}

}  // namespace
}  // namespace reeve
