// Groups of tasks on the real kernel: how long their cgroup lives, what it is
// limited to, and what another agent finds of it.

#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/state/group_records.h"
#include "agent/tasks/task_supervisor.h"
#include "base/file.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/supervisor_fixture.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::DoubleEq;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Optional;

// Long, since a machine may be emulated.
constexpr absl::Duration kPatience = absl::Seconds(60);

class TaskGroupTest : public TaskSupervisorTest {
 protected:
  void TearDown() override {
    if (!world_.has_value()) return;
    for (const auto& task : supervisor().List()) {
      (void)supervisor().Stop(task->id(), "", absl::ZeroDuration());
    }
    for (const auto& group : supervisor().ListGroups()) {
      EXPECT_THAT(supervisor().RemoveGroup(group->name()), IsOk());
    }
    TaskSupervisorTest::TearDown();
    EXPECT_THAT(RecordNames(), IsEmpty());
  }

  TaskSupervisor& supervisor() { return world_->supervisor(); }

  static TaskSpec SpecOf(const std::string& id, const std::string& group,
                         std::vector<std::string> command = {"/bin/sleep",
                                                             "1000"}) {
    TaskSpec spec;
    spec.id = id;
    spec.group = group;
    spec.command = std::move(command);
    return spec;
  }

  absl::StatusOr<std::shared_ptr<Task>> Launch(TaskSpec spec) {
    return supervisor().Launch(std::move(spec), {}, false);
  }

  void Stop(const std::string& id) {
    EXPECT_THAT(supervisor().Stop(id, "", absl::ZeroDuration()), IsOk());
  }

  // A cgroup that is slow to go is removed after its task's end was told.
  void AwaitEndOf(const std::string& group) {
    const absl::Time give_up_at = absl::Now() + kPatience;
    while (absl::c_linear_search(GroupNames(), group)) {
      ASSERT_LT(absl::Now(), give_up_at) << "group " << group << " is left";
      absl::SleepFor(absl::Milliseconds(10));
    }
    EXPECT_THAT(DirectoriesOfGroup(group), IsEmpty());
  }

  static std::vector<std::string> DirectoriesOf(const CgroupMounts& mounts,
                                                const std::string& cgroup) {
    std::vector<std::string> found;
    for (const CgroupHierarchy& hierarchy : mounts.hierarchies()) {
      const std::string path = absl::StrCat(hierarchy.mount_point, cgroup);
      if (access(path.c_str(), F_OK) == 0) found.push_back(path);
    }
    return found;
  }

  std::vector<std::string> DirectoriesOfGroup(const std::string& group) {
    return DirectoriesOf(world_->mounts(), absl::StrCat(parent_, "/@", group));
  }

  std::vector<std::string> RecordNames() {
    return GroupRecords::Open(tree_.Path("state"))->Names().value();
  }

  std::vector<std::string> GroupNames() {
    std::vector<std::string> names;
    for (const auto& group : supervisor().ListGroups()) {
      names.push_back(group->name());
    }
    return names;
  }

  // The limits in force of a group that is there.
  LimitValues LimitsOf(const std::string& name) {
    for (const auto& group : supervisor().ListGroups()) {
      if (group->name() == name && group->cgroup() != nullptr) {
        return group->cgroup()->Limits();
      }
    }
    ADD_FAILURE() << "no group " << name;
    return {};
  }

  bool IsV1(const std::string& controller) {
    return world_->mounts().Find(controller)->version == CgroupVersion::kV1;
  }

  using TaskSupervisorTest::RestartAgent;
  // The same, with what `meanwhile` does between.
  template <typename Meanwhile>
  void RestartAgent(const Meanwhile& meanwhile) {
    world_.reset();
    meanwhile();
    world_.emplace(tree_.Path("state"), parent_);
  }
};

ResourceLimits Memory(uint64_t mib) {
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(mib << 20);
  return limits;
}

ResourceLimits Cpus(double cores) {
  ResourceLimits limits;
  limits.cpu_quota = CpuQuota{cores};
  return limits;
}

ResourceLimits Pids(uint64_t count) {
  ResourceLimits limits;
  limits.pids = Bound::Of(count);
  return limits;
}

TEST_F(TaskGroupTest, LivesFromItsFirstTaskToItsLast) {
  const auto first = Launch(SpecOf("one", "shop"));
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(Launch(SpecOf("two", "shop")), IsOk());

  EXPECT_EQ((*first)->cgroup()->path(), parent_ + "/@shop/one");
  EXPECT_THAT(DirectoriesOfGroup("shop"), Not(IsEmpty()));
  EXPECT_THAT(GroupNames(), ElementsAre("shop"));
  EXPECT_THAT(RecordNames(), ElementsAre("shop"));
  Stop("one");
  EXPECT_THAT(GroupNames(), ElementsAre("shop"));
  Stop("two");

  AwaitEndOf("shop");
  EXPECT_THAT(RecordNames(), IsEmpty());
}

TEST_F(TaskGroupTest, ATaskMayBeNamedAsItsGroup) {
  ASSERT_THAT(Launch(SpecOf("shop", "shop")), IsOk());
  ASSERT_THAT(Launch(SpecOf("shop.2", "")), IsOk());

  EXPECT_EQ(supervisor().Find("shop").value()->cgroup()->path(),
            parent_ + "/@shop/shop");
}

TEST_F(TaskGroupTest, IsMeasuredUntilItsEndAndShownUntilItWasScraped) {
  ASSERT_THAT(Launch(SpecOf("one", "shop", {"/bin/true"})), IsOk());
  ASSERT_TRUE(
      supervisor().Find("one").value()->WaitForExit(kPatience).has_value());

  std::shared_ptr<const Snapshot> snapshot;
  do {
    absl::SleepFor(absl::Milliseconds(10));
    snapshot = world_->store().Latest();
  } while (snapshot == nullptr || snapshot->groups.empty() ||
           !snapshot->groups[0]->is_final);

  const TaskSnapshot& group = *snapshot->groups[0];
  EXPECT_EQ(group.target->group, "shop");
  EXPECT_THAT(group.cgroup.cpu_usage_ns, Optional(Ge(1u)));
  for (const auto& task : snapshot->tasks) {
    if (task->target->id != "one") continue;
    EXPECT_GE(*group.cgroup.cpu_usage_ns, *task->cgroup.cpu_usage_ns);
  }
}

TEST_F(TaskGroupTest, LimitsThatWereSetStayUntilTheGroupIsRemoved) {
  const auto written = supervisor().SetGroup("shop", Pids(64));
  ASSERT_THAT(written, IsOk());
  ASSERT_EQ(written->written.size(), 1u);
  EXPECT_EQ(written->written[0].file, "pids.max");
  EXPECT_EQ(written->written[0].read_back, "64");

  ASSERT_THAT(Launch(SpecOf("one", "shop")), IsOk());
  ASSERT_THAT(supervisor().SetGroup("shop", Memory(64)), IsOk());
  EXPECT_THAT(LimitsOf("shop").memory_bytes, Optional(64u << 20));
  EXPECT_THAT(LimitsOf("shop").threads, Optional(64u));
  EXPECT_THAT(supervisor().RemoveGroup("shop"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("group shop has tasks: \"reeve stop\" them "
                                 "first: one")));
  Stop("one");
  EXPECT_THAT(LimitsOf("shop").threads, Optional(64u));

  ASSERT_THAT(supervisor().RemoveGroup("shop"), IsOk());
  EXPECT_THAT(DirectoriesOfGroup("shop"), IsEmpty());
  EXPECT_THAT(
      supervisor().RemoveGroup("shop"),
      StatusIs(absl::StatusCode::kNotFound, HasSubstr("no group shop")));
}

TEST_F(TaskGroupTest, APeriodStaysUntilAnotherIsNamed) {
  ResourceLimits limits;
  limits.cpu_quota = CpuQuota{0.5, 50'000};
  ASSERT_THAT(supervisor().SetGroup("shop", limits), IsOk());

  ASSERT_THAT(supervisor().SetGroup("shop", Cpus(0.8)), IsOk());

  EXPECT_THAT(LimitsOf("shop").cpu_period_seconds, Optional(DoubleEq(0.05)));
  EXPECT_THAT(LimitsOf("shop").cpu_cores, Optional(DoubleEq(0.8)));
  const std::vector<std::string> directories = DirectoriesOfGroup("shop");
  // What is on disk says so too: an agent that finds no cgroup makes one of it.
  RestartAgent([&directories] {
    for (const std::string& directory : directories) {
      ASSERT_EQ(rmdir(directory.c_str()), 0);
    }
  });
  EXPECT_THAT(LimitsOf("shop").cpu_period_seconds, Optional(DoubleEq(0.05)));
  EXPECT_THAT(LimitsOf("shop").cpu_cores, Optional(DoubleEq(0.8)));
}

TEST_F(TaskGroupTest, AWrongSetChangesAndMakesNothing) {
  ResourceLimits burst;
  burst.cpu_burst_usec = 1000;
  ResourceLimits nice;
  nice.nice = 5;

  EXPECT_THAT(supervisor().SetGroup("shop", burst),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("give a CPU limit too")));
  EXPECT_THAT(supervisor().SetGroup("shop", nice),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("nice")));
  EXPECT_THAT(
      supervisor().SetGroup("@shop", Pids(5)),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("task group")));
  EXPECT_THAT(DirectoriesOf(world_->mounts(), parent_ + "/@shop"), IsEmpty());
  EXPECT_THAT(RecordNames(), IsEmpty());

  ASSERT_THAT(supervisor().SetGroup("shop", Pids(64)), IsOk());
  burst.pids = Bound::Of(5);
  EXPECT_THAT(supervisor().SetGroup("shop", burst), Not(IsOk()));
  EXPECT_THAT(LimitsOf("shop").threads, Optional(64u));
  RestartAgent();
  EXPECT_THAT(LimitsOf("shop").threads, Optional(64u));
}

TEST_F(TaskGroupTest, AFailedLaunchLeavesNoGroup) {
  EXPECT_THAT(Launch(SpecOf("t", "shop", {"/proc/self/mem"})), Not(IsOk()));
  TaskSpec no_such_directory = SpecOf("t", "shop");
  no_such_directory.cwd = "/no/such/dir";
  EXPECT_THAT(Launch(no_such_directory), Not(IsOk()));
  TaskSpec burst = SpecOf("t", "shop");
  burst.limits.cpu_burst_usec = 1000;
  EXPECT_THAT(Launch(burst), Not(IsOk()));

  EXPECT_THAT(DirectoriesOfGroup("shop"), IsEmpty());
  EXPECT_THAT(RecordNames(), IsEmpty());
  EXPECT_THAT(GroupNames(), IsEmpty());
}

TEST_F(TaskGroupTest, OnV1NoTaskMayHaveMoreCpuTimeThanItsGroup) {
  ASSERT_THAT(supervisor().SetGroup("shop", Cpus(0.5)), IsOk());
  TaskSpec spec = SpecOf("one", "shop");
  spec.limits = Cpus(1);
  if (!IsV1("cpu")) {
    ASSERT_THAT(Launch(spec), IsOk());
    EXPECT_THAT(supervisor().SetGroup("shop", Cpus(0.4)), IsOk());
    return;
  }
  EXPECT_THAT(Launch(spec),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("CPU limit of 1 cores: group shop has 0.5")));
  // As the kernel counts, which rounds.
  spec.limits = Cpus(0.500001);
  ASSERT_THAT(Launch(spec), IsOk());
  EXPECT_THAT(
      supervisor().Update("one", Cpus(0.6)),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("group shop")));
  EXPECT_THAT(supervisor().SetGroup("shop", Cpus(0.4)),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("CPU limit of 0.4 cores: task one"),
                             HasSubstr("has 0.5"))));
  EXPECT_THAT(supervisor().SetGroup("shop", Cpus(0.6)), IsOk());
  EXPECT_THAT(supervisor().Update("one", Cpus(0.6)), IsOk());
}

TEST_F(TaskGroupTest, ACpusetHoldsTheTasksOfAGroupOrIsRefused) {
  ResourceLimits cpuset;
  cpuset.cpuset_cpus.emplace("0");
  if (world_->mounts().Find("cpuset") == nullptr || IsV1("cpuset")) {
    EXPECT_THAT(supervisor().SetGroup("shop", cpuset),
                StatusIs(absl::StatusCode::kUnavailable, HasSubstr("cpuset")));
    EXPECT_THAT(GroupNames(), IsEmpty());
    return;
  }
  const auto task = Launch(SpecOf("one", "shop"));
  ASSERT_THAT(task, IsOk());

  ASSERT_THAT(supervisor().SetGroup("shop", cpuset), IsOk());

  cpu_set_t cpus;
  ASSERT_EQ(
      sched_getaffinity((*task)->Status().process.pid, sizeof(cpus), &cpus), 0);
  EXPECT_EQ(CPU_COUNT(&cpus), 1);
  EXPECT_TRUE(CPU_ISSET(0, &cpus));
}

TEST_F(TaskGroupTest, AGroupHasNoProcessesOfItsOwnWhateverItsTasksHave) {
  ASSERT_THAT(Launch(SpecOf("plain", "shop")), IsOk());
  TaskSpec pinned = SpecOf("pinned", "shop");
  if (world_->mounts().Find("cpuset") != nullptr) {
    pinned.limits.cpuset_cpus = "0";
  }
  ASSERT_THAT(Launch(pinned), IsOk());

  RestartAgent();

  const std::vector<std::string> directories = DirectoriesOfGroup("shop");
  EXPECT_THAT(directories, Not(IsEmpty()));
  for (const std::string& directory : directories) {
    EXPECT_THAT(ReadFile(directory + "/cgroup.procs"), IsOkAndHolds(""))
        << directory;
  }
  EXPECT_EQ(LimitsOf("shop").memory_bytes, std::nullopt);
}

TEST_F(TaskGroupTest, AnotherAgentTakesAGroupOver) {
  ASSERT_THAT(Launch(SpecOf("one", "shop")), IsOk());
  ASSERT_THAT(Launch(SpecOf("two", "batch")), IsOk());
  ASSERT_THAT(supervisor().SetGroup("shop", Memory(64)), IsOk());
  ASSERT_THAT(supervisor().SetGroup("empty", Pids(5)), IsOk());

  RestartAgent();

  EXPECT_THAT(GroupNames(), ElementsAre("batch", "empty", "shop"));
  EXPECT_THAT(LimitsOf("shop").memory_bytes, Optional(64u << 20));
  EXPECT_THAT(LimitsOf("empty").threads, Optional(5u));
  EXPECT_THAT(world_->sampler().SampleNow("@shop"), IsOk());
  ASSERT_THAT(Launch(SpecOf("three", "shop")), IsOk());
  EXPECT_EQ(supervisor().Find("three").value()->cgroup()->path(),
            parent_ + "/@shop/three");
  // What was known before still counts.
  Stop("two");
  AwaitEndOf("batch");
  EXPECT_THAT(GroupNames(), ElementsAre("empty", "shop"));
  Stop("one");
  Stop("three");
  EXPECT_THAT(LimitsOf("shop").memory_bytes, Optional(64u << 20));
}

TEST_F(TaskGroupTest, AGroupWhoseTasksEndedMeanwhileIsGone) {
  ASSERT_THAT(Launch(SpecOf("one", "shop", {"/bin/sleep", "0.3"})), IsOk());

  RestartAgent([] { absl::SleepFor(absl::Seconds(1)); });

  ASSERT_TRUE(
      supervisor().Find("one").value()->WaitForExit(kPatience).has_value());
  EXPECT_THAT(GroupNames(), IsEmpty());
  EXPECT_THAT(DirectoriesOfGroup("shop"), IsEmpty());
}

TEST_F(TaskGroupTest, LimitsAreSetAgainAfterTheCgroupWentWithTheMachine) {
  ASSERT_THAT(supervisor().SetGroup("shop", Pids(64)), IsOk());
  ASSERT_THAT(supervisor().SetGroup("shop", Cpus(0.5)), IsOk());
  const std::vector<std::string> directories = DirectoriesOfGroup("shop");

  RestartAgent([&directories] {
    for (const std::string& directory : directories) {
      ASSERT_EQ(rmdir(directory.c_str()), 0);
    }
  });

  EXPECT_THAT(LimitsOf("shop").threads, Optional(64u));
  EXPECT_THAT(LimitsOf("shop").cpu_cores, Optional(0.5));
  EXPECT_EQ(DirectoriesOfGroup("shop"), directories);
}

TEST_F(TaskGroupTest, WhatAKilledAgentDidNotFinishIsFinishedOrCleared) {
  const std::string half = absl::StrCat(
      world_->mounts().Find("pids")->mount_point, parent_, "/@half");
  ASSERT_THAT(Launch(SpecOf("keeper", "")), IsOk());

  RestartAgent([&] {
    // Killed after the record was written, and after the first directory.
    tree_.Write("state/groups/half",
                absl::StrCat("{\"version\":1,\"group\":\"half\","
                             "\"cgroup_parent\":\"",
                             parent_, "\"}"));
    ASSERT_EQ(mkdir(half.c_str(), 0755), 0);
    // Killed before the limit was written.
    tree_.Write("state/groups/wanted",
                absl::StrCat("{\"version\":1,\"group\":\"wanted\","
                             "\"limits\":{\"pids\":\"7\"},"
                             "\"cgroup_parent\":\"",
                             parent_, "\"}"));
    tree_.Write("state/groups/.torn.tmp", "{\"ver");
    tree_.Write("state/groups/torn", "{\"ver");
  });

  EXPECT_THAT(GroupNames(), ElementsAre("wanted"));
  EXPECT_THAT(LimitsOf("wanted").threads, Optional(7u));
  EXPECT_THAT(DirectoriesOfGroup("half"), IsEmpty());
  EXPECT_THAT(RecordNames(), ElementsAre("wanted"));
}

TEST_F(TaskGroupTest, AHalfMadeTaskIsClearedAwayWithItsGroup) {
  ASSERT_THAT(Launch(SpecOf("one", "shop")), IsOk());
  ASSERT_THAT(Launch(SpecOf("two", "shop")), IsOk());
  Stop("two");

  // As if the agent had been killed before the shim was started.
  RestartAgent([this] {
    ASSERT_EQ(unlink(tree_.Path("state/tasks/one/pid").c_str()), 0);
  });

  AwaitEndOf("shop");
  EXPECT_THAT(supervisor().Find("one"), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(TaskGroupTest, AGroupThatCannotHaveItsLimitsLetsNobodyIn) {
  RestartAgent([this] {
    tree_.Write("state/groups/shop",
                absl::StrCat("{\"version\":1,\"group\":\"shop\","
                             "\"limits\":{\"cpu_burst_usec\":\"1000\"},"
                             "\"cgroup_parent\":\"",
                             parent_, "\"}"));
  });

  EXPECT_THAT(Launch(SpecOf("one", "shop")),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("group shop: "),
                             HasSubstr("CPU burst of 1000 us"))));
  EXPECT_THAT(GroupNames(), ElementsAre("shop"));
  // Whoever sets what is missing puts it right.
  EXPECT_THAT(supervisor().SetGroup("shop", Cpus(0.5)), IsOk());
  EXPECT_THAT(Launch(SpecOf("one", "shop")), IsOk());
}

TEST_F(TaskGroupTest, TasksOfAnotherAgentKeepTheirGroupsCgroup) {
  const std::string of_another = absl::StrCat(
      world_->mounts().Find("pids")->mount_point, parent_, "/@shop/of-another");
  ASSERT_THAT(Launch(SpecOf("one", "shop")), IsOk());
  ASSERT_EQ(mkdir(of_another.c_str(), 0755), 0);
  Stop("one");
  while (!GroupNames().empty()) absl::SleepFor(absl::Milliseconds(10));
  EXPECT_EQ(access(of_another.c_str(), F_OK), 0);

  ASSERT_THAT(supervisor().SetGroup("shop", Pids(7)), IsOk());
  EXPECT_THAT(supervisor().RemoveGroup("shop"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("there are cgroups in it")));
  EXPECT_THAT(LimitsOf("shop").threads, Optional(7u));
  EXPECT_THAT(world_->sampler().SampleNow("@shop"), IsOk());

  ASSERT_EQ(rmdir(of_another.c_str()), 0);
  EXPECT_THAT(supervisor().RemoveGroup("shop"), IsOk());
}

TEST_F(TaskGroupTest, ManyComingAndGoingAtOnceLeaveNothing) {
  constexpr int kWorkers = 4;
  constexpr int kLaunches = 25;
  std::atomic<bool> done{false};
  std::thread administrator([this, &done] {
    while (!done) {
      (void)supervisor().SetGroup("b", Pids(100));
      (void)supervisor().RemoveGroup("b");
    }
  });
  std::vector<std::thread> workers;
  workers.reserve(kWorkers);
  for (int worker = 0; worker < kWorkers; ++worker) {
    workers.emplace_back([this, worker] {
      for (int i = 0; i < kLaunches; ++i) {
        const std::string id = absl::StrCat("w", worker, "-", i);
        const auto task =
            Launch(SpecOf(id, i % 2 == 0 ? "a" : "b", {"/bin/true"}));
        ASSERT_THAT(task, IsOk());
        EXPECT_TRUE((*task)->WaitForExit(kPatience).has_value());
        EXPECT_THAT(supervisor().Remove(id), IsOk());
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  done = true;
  administrator.join();
  (void)supervisor().RemoveGroup("b");

  AwaitEndOf("a");
  AwaitEndOf("b");
  EXPECT_THAT(RecordNames(), IsEmpty());
  EXPECT_EQ(world_->observer().leaked, 0);
}

}  // namespace
}  // namespace reeve
