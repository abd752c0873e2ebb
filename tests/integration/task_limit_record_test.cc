// What is known of a task's limits after the agent was started again.

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/state/state_directory.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/process_view.h"
#include "tests/integration/supervisor_fixture.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

using Texts = std::map<std::string, std::string>;

class TaskLimitRecordTest : public TaskSupervisorTest {
 protected:
  // "REQUESTED, APPLIED, READ BACK" by file.
  Texts Settings(const std::string& id) {
    Texts texts;
    for (const LimitSetting& setting : Find(id)->LimitSettings()) {
      texts[setting.file] = absl::StrCat(
          setting.requested, ", ", setting.applied, ", ", setting.read_back);
    }
    return texts;
  }

  std::shared_ptr<Task> Find(const std::string& id) {
    return world_->supervisor().Find(id).value();
  }

  pid_t PidOf(const std::string& id) { return Find(id)->Status().process.pid; }

  absl::StatusOr<LimitUpdate> Update(const ResourceLimits& limits) {
    return world_->supervisor().Update("t", limits);
  }
};

ResourceLimits LaunchLimits() {
  ResourceLimits limits;
  limits.pids = Bound::Of(64);
  limits.nice = 3;
  limits.oom_score_adj = 100;
  limits.scheduling = SchedulingPolicy{SchedulingPolicy::Kind::kBatch, 0};
  limits.rlimits = {{RLIMIT_NOFILE, Bound::Of(100), Bound::Of(200)}};
  return limits;
}

TEST_F(TaskLimitRecordTest, LimitsOfProcessesAreThoseOfTheLaunch) {
  ASSERT_THAT(Launch("t", {"/bin/sleep", "1000"}, LaunchLimits()), IsOk());

  EXPECT_EQ(NiceOf(PidOf("t"), PidOf("t")), "3");
  EXPECT_EQ(LimitOf(PidOf("t"), "Max open files"), "100 200");
  EXPECT_THAT(Settings("t"),
              UnorderedElementsAre(
                  Pair("pids.max", "64, 64, 64"), Pair("nice", "3, 3, 3"),
                  Pair("oom_score_adj", "100, 100, 100"),
                  Pair("sched", "batch, batch, batch"),
                  Pair("rlimit.nofile", "100:200, 100:200, 100:200")));
}

TEST_F(TaskLimitRecordTest, ATaskThatHasEndedKeepsThem) {
  const auto task = Launch("t", {"/bin/true"}, LaunchLimits());
  ASSERT_THAT(task, IsOk());
  ASSERT_TRUE((*task)->WaitForExit(absl::Seconds(60)).has_value());

  EXPECT_EQ(Settings("t")["nice"], "3, 3, 3");
}

TEST_F(TaskLimitRecordTest, ARestartedAgentShowsWhatTheLastOneShowed) {
  ASSERT_THAT(Launch("t", {"/bin/sleep", "1000"}, LaunchLimits()), IsOk());
  ResourceLimits limits;
  // On v2 a weight stands for it, and for others.
  limits.cpu_shares = 1001;
  limits.nice = 5;
  limits.pids = Bound::Unlimited();
  limits.rlimits = {{RLIMIT_CORE, Bound::Of(0), Bound::Unlimited()}};
  ASSERT_THAT(Update(limits), IsOk());
  const Texts before = Settings("t");
  const LimitValues values = Find("t")->Limits();

  RestartAgent();

  EXPECT_EQ(Settings("t"), before);
  EXPECT_EQ(Find("t")->Limits().cpu_shares, values.cpu_shares);
  EXPECT_THAT(values.cpu_shares, ::testing::Optional(1001));
  // Another update goes on from there.
  limits = {};
  limits.oom_score_adj = 200;
  ASSERT_THAT(Update(limits), IsOk());
  const Texts after = Settings("t");
  RestartAgent();
  EXPECT_EQ(Settings("t"), after);
  EXPECT_EQ(OomScoreAdjOf(PidOf("t")), "200");
}

TEST_F(TaskLimitRecordTest, BoundsOfPoliciesSurviveTheAgent) {
  TaskSpec spec;
  spec.id = "t";
  spec.command = {"/bin/sleep", "1000"};
  spec.policy_bounds.cpus_max = 2;
  ASSERT_THAT(world_->supervisor().Launch(spec, {}, false), IsOk());
  PolicyBoundsChange change;
  change.priority = 7;
  ASSERT_THAT(world_->supervisor().SetPolicyBounds("t", change), IsOk());
  const PolicyBounds bounds = Find("t")->policy_bounds();
  EXPECT_EQ(bounds.cpus_max, 2);
  EXPECT_EQ(bounds.priority, 7u);

  RestartAgent();

  EXPECT_TRUE(Find("t")->policy_bounds() == bounds);
  change.priority = 101;
  EXPECT_THAT(world_->supervisor().SetPolicyBounds("t", change),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_TRUE(Find("t")->policy_bounds() == bounds);
}

TEST_F(TaskLimitRecordTest, HowATaskIsStoppedSurvivesTheAgent) {
  TaskSpec spec;
  spec.id = "t";
  spec.command = {"/bin/sleep", "1000"};
  spec.stop.grace = absl::Seconds(30);
  ASSERT_THAT(world_->supervisor().Launch(spec, {}, false), IsOk());
  StopMethodChange change;
  change.signal = SIGTERM;
  ASSERT_THAT(world_->supervisor().SetStopMethod("t", change), IsOk());
  const StopMethod method = Find("t")->stop_method();
  EXPECT_EQ(method.signal, SIGTERM);
  EXPECT_EQ(method.grace, absl::Seconds(30));

  RestartAgent();

  EXPECT_TRUE(Find("t")->stop_method() == method);
  change.grace = absl::Hours(25);
  EXPECT_THAT(world_->supervisor().SetStopMethod("t", change),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_TRUE(Find("t")->stop_method() == method);
}

TEST_F(TaskLimitRecordTest, ATaskOfAnEarlierAgentIsUpdatedAsAWhole) {
  ASSERT_THAT(Launch("t", {"/bin/sh", "-c", "sleep 1000 & sleep 1000 & wait"}),
              IsOk());
  RestartAgent();
  ResourceLimits limits;
  limits.nice = 7;

  ASSERT_THAT(Update(limits), IsOk());

  const CgroupDirs dirs = Find("t")->cgroup_dirs();
  for (const pid_t pid :
       ProcessesIn((dirs.unified ? dirs.unified : dirs.pids)->path)) {
    EXPECT_EQ(NiceOf(pid, pid), "7");
  }
}

TEST_F(TaskLimitRecordTest, OfAnUpdateCutShortTheKernelTellsWhatIsInForce) {
  ASSERT_THAT(Launch("t", {"/bin/sleep", "1000"}, LaunchLimits()), IsOk());
  // As an agent leaves it that ends when it has kept the limits.
  v1::Limits kept;
  kept.set_pids(32);
  kept.set_nice(9);
  const absl::StatusOr<UniqueFd> dir = world_->state().OpenTask("t");
  ASSERT_THAT(dir, IsOk());
  ASSERT_THAT(WriteTaskLimits(dir->get(), kept), IsOk());

  RestartAgent();

  EXPECT_EQ(Settings("t")["pids.max"], "64, 64, 64");
  EXPECT_EQ(Settings("t")["nice"], "9, 9, 3");
}

TEST_F(TaskLimitRecordTest, AnUpdateThatFailsLeavesNothingToRemember) {
  ASSERT_THAT(Launch("t", {"/bin/sleep", "1000"}, LaunchLimits()), IsOk());
  const Texts before = Settings("t");
  ResourceLimits limits;
  limits.nice = 5;
  // More than any kernel allows.
  limits.rlimits = {{RLIMIT_NOFILE, Bound::Of(1), Bound::Unlimited()}};
  ASSERT_THAT(Update(limits), StatusIs(absl::StatusCode::kPermissionDenied,
                                       HasSubstr("nice: wanted 5, put back")));
  EXPECT_EQ(Settings("t"), before);

  RestartAgent();

  EXPECT_EQ(Settings("t"), before);
}

TEST_F(TaskLimitRecordTest, WhatCannotBeKeptIsNotSet) {
  ASSERT_THAT(Launch("t", {"/bin/sleep", "1000"}, LaunchLimits()), IsOk());
  const Texts before = Settings("t");
  // In the way of the temporary file.
  ASSERT_EQ(mkdir(tree_.Path("state/tasks/t/.limits.json.tmp").c_str(), 0700),
            0);
  ResourceLimits limits;
  limits.pids = Bound::Of(32);

  const auto update = Update(limits);

  ASSERT_EQ(rmdir(tree_.Path("state/tasks/t/.limits.json.tmp").c_str()), 0);
  EXPECT_FALSE(update.ok());
  EXPECT_THAT(std::string(update.status().message()),
              HasSubstr("limits not changed: they cannot be kept"));
  EXPECT_EQ(Settings("t"), before);
}

TEST_F(TaskLimitRecordTest, ADamagedRecordLosesNoTask) {
  ASSERT_THAT(Launch("t", {"/bin/sleep", "1000"}, LaunchLimits()), IsOk());
  const Texts before = Settings("t");
  tree_.Write("state/tasks/t/limits.json", "{\"pids\": ");

  RestartAgent();

  EXPECT_EQ(Settings("t"), before);
}

TEST_F(TaskLimitRecordTest, ALaunchThatCannotHaveItsLimitsLeavesNothing) {
  ResourceLimits limits = LaunchLimits();
  limits.rlimits = {{RLIMIT_NOFILE, Bound::Of(1), Bound::Unlimited()}};

  EXPECT_THAT(Launch("t", {"/bin/sleep", "1000"}, limits),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("set rlimit.nofile to 1:unlimited")));

  EXPECT_THAT(world_->supervisor().Find("t"),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_TRUE(world_->state().TaskIds().value().empty());
}

}  // namespace
}  // namespace reeve
