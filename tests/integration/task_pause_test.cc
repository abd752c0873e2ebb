// Tasks that are held still and let go on, through the supervisor.

#include <csignal>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/tasks/task_supervisor.h"
#include "enforcement/exit_status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/supervisor_fixture.h"
#include "tests/testing/runfiles.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kAWhile = absl::Milliseconds(400);
// Long, since a machine may be emulated.
constexpr absl::Duration kPatience = absl::Seconds(60);

class TaskPauseTest : public TaskSupervisorTest {
 protected:
  TaskSupervisor& supervisor() { return world_->supervisor(); }

  TaskState StateOf(const std::string& id) {
    return supervisor().Find(id).value()->Status().state;
  }

  std::shared_ptr<Task> MustLaunch(std::vector<std::string> command,
                                   const ResourceLimits& limits = {}) {
    const auto task = Launch("t", std::move(command), limits);
    EXPECT_THAT(task, IsOk());
    return task.value();
  }

  // A shell that has done what `action` says and goes on for ever.
  std::shared_ptr<Task> LaunchShell(const std::string& action) {
    const std::string ready = tree_.Path("ready");
    auto task = MustLaunch({"/bin/sh", "-c",
                            absl::StrCat(action, "; : >", ready,
                                         "; while :; do sleep 0.05; done")});
    const absl::Time deadline = absl::Now() + kPatience;
    while (!tree_.Exists("ready") && absl::Now() < deadline) {
      absl::SleepFor(absl::Milliseconds(5));
    }
    EXPECT_TRUE(tree_.Exists("ready"));
    return task;
  }

  absl::Duration CpuTime() {
    const absl::StatusOr<TaskSnapshot> snapshot =
        world_->sampler().SampleNow("t");
    EXPECT_THAT(snapshot, IsOk());
    return absl::Nanoseconds(snapshot->cgroup.cpu_usage_ns.value_or(0));
  }

  // Whether the task gets anywhere within a while, or within `timeout`.
  bool UsesCpuTime(absl::Duration timeout = kAWhile) {
    const absl::Duration before = CpuTime();
    const absl::Time deadline = absl::Now() + timeout;
    while (CpuTime() == before) {
      if (absl::Now() > deadline) return false;
      absl::SleepFor(absl::Milliseconds(20));
    }
    return true;
  }
};

TEST_F(TaskPauseTest, APausedTaskStandsStillAndIsMeasured) {
  MustLaunch({"/bin/sh", "-c", "while :; do :; done"});
  ASSERT_TRUE(UsesCpuTime(kPatience));

  ASSERT_THAT(supervisor().Pause("t"), IsOk());

  EXPECT_EQ(StateOf("t"), TaskState::kPaused);
  EXPECT_EQ(supervisor().Count().paused, 1u);
  EXPECT_EQ(supervisor().Count().running, 0u);
  EXPECT_FALSE(UsesCpuTime());

  ASSERT_THAT(supervisor().Resume("t"), IsOk());

  EXPECT_EQ(StateOf("t"), TaskState::kRunning);
  EXPECT_TRUE(UsesCpuTime(kPatience));
}

TEST_F(TaskPauseTest, AForkBombIsPausedWholeAndStopped) {
  ResourceLimits limits;
  limits.pids = Bound::Of(24);
  MustLaunch({RunfilePath("tests/programs/forkbomb"), "--seconds", "60"},
             limits);

  ASSERT_THAT(supervisor().Pause("t"), IsOk());

  EXPECT_FALSE(UsesCpuTime());
  EXPECT_THAT(supervisor().Stop("t", "", absl::ZeroDuration()), IsOk());
}

TEST_F(TaskPauseTest, PausingThePausedAndResumingTheRunningDoesNothing) {
  MustLaunch({"/bin/sleep", "1000"});

  EXPECT_THAT(supervisor().Resume("t"), IsOk());
  EXPECT_EQ(StateOf("t"), TaskState::kRunning);
  EXPECT_THAT(supervisor().Pause("t"), IsOk());
  EXPECT_THAT(supervisor().Pause("t"), IsOk());
  EXPECT_EQ(StateOf("t"), TaskState::kPaused);
  EXPECT_THAT(supervisor().Resume("t"), IsOk());
  EXPECT_THAT(supervisor().Resume("t"), IsOk());
  EXPECT_EQ(StateOf("t"), TaskState::kRunning);
}

TEST_F(TaskPauseTest, OnlyATaskThatRunsIsPaused) {
  EXPECT_THAT(supervisor().Pause("t"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("no task t")));
  EXPECT_THAT(supervisor().Resume("t"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("no task t")));
  const auto task = Launch("t", {"/bin/true"});
  ASSERT_THAT(task, IsOk());
  ASSERT_TRUE((*task)->WaitForExit(kPatience).has_value());

  EXPECT_THAT(
      supervisor().Pause("t"),
      StatusIs(absl::StatusCode::kFailedPrecondition, "task t is not running"));
  EXPECT_THAT(
      supervisor().Resume("t"),
      StatusIs(absl::StatusCode::kFailedPrecondition, "task t is not running"));
}

TEST_F(TaskPauseTest, APausedTaskActsOnTheSignalOfItsStop) {
  LaunchShell("trap 'exit 7' TERM");
  ASSERT_THAT(supervisor().Pause("t"), IsOk());

  const auto exit = supervisor().Stop("t", "SIGTERM", kPatience);

  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->code, 7);
}

TEST_F(TaskPauseTest, APausedTaskIsKilledWithoutGrace) {
  LaunchShell("sleep 1000 & :");
  ASSERT_THAT(supervisor().Pause("t"), IsOk());

  const auto exit = supervisor().Stop("t", "", absl::ZeroDuration());

  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->code, 128 + SIGKILL);
}

TEST_F(TaskPauseTest, APausedTaskHandlesASignalOnceItGoesOn) {
  const auto task = LaunchShell("trap 'exit 7' HUP");
  ASSERT_THAT(supervisor().Pause("t"), IsOk());

  ASSERT_THAT(supervisor().Signal("t", "HUP"), IsOk());

  EXPECT_FALSE(task->WaitForExit(kAWhile).has_value());
  ASSERT_THAT(supervisor().Resume("t"), IsOk());
  const auto exit = task->WaitForExit(kPatience);
  ASSERT_TRUE(exit.has_value());
  EXPECT_EQ(exit->code, 7);
}

TEST_F(TaskPauseTest, APausedTaskActsOnKillAtOnce) {
  const auto task = LaunchShell("sleep 1000 & :");
  ASSERT_THAT(supervisor().Pause("t"), IsOk());

  ASSERT_THAT(supervisor().Signal("t", "KILL"), IsOk());

  const auto exit = task->WaitForExit(kPatience);
  ASSERT_TRUE(exit.has_value());
  EXPECT_EQ(exit->code, 128 + SIGKILL);
}

TEST_F(TaskPauseTest, APausedTaskThatSomebodyKillsEndsWithAllThatItLeaves) {
  const auto task = LaunchShell("sleep 1000 & :");
  ASSERT_THAT(supervisor().Pause("t"), IsOk());

  ASSERT_EQ(kill(task->Status().process.pid, SIGKILL), 0);
  if (task->cgroup()->FreezingHoldsBackKills()) {
    ASSERT_THAT(supervisor().Resume("t"), IsOk());
  }

  const auto exit = task->WaitForExit(kPatience);
  ASSERT_TRUE(exit.has_value());
  EXPECT_EQ(exit->code, 128 + SIGKILL);
}

TEST_F(TaskPauseTest, LimitsOfAPausedTaskAreChanged) {
  MustLaunch({"/bin/sleep", "1000"});
  ASSERT_THAT(supervisor().Pause("t"), IsOk());
  ResourceLimits limits;
  limits.pids = Bound::Of(24);

  EXPECT_THAT(supervisor().Update("t", limits), IsOk());

  EXPECT_EQ(StateOf("t"), TaskState::kPaused);
  EXPECT_EQ(supervisor().Find("t").value()->Limits().threads, 24u);
}

TEST_F(TaskPauseTest, AnotherAgentFindsThePausedTaskPaused) {
  MustLaunch({"/bin/sh", "-c", "while :; do :; done"});
  ASSERT_THAT(supervisor().Pause("t"), IsOk());

  RestartAgent();

  EXPECT_EQ(StateOf("t"), TaskState::kPaused);
  EXPECT_FALSE(UsesCpuTime());
  ASSERT_THAT(supervisor().Resume("t"), IsOk());
  EXPECT_TRUE(UsesCpuTime(kPatience));
  ASSERT_THAT(supervisor().Pause("t"), IsOk());

  RestartAgent();

  EXPECT_THAT(supervisor().Stop("t", "", absl::ZeroDuration()), IsOk());
}

TEST_F(TaskPauseTest, ATaskThatIsBeingStoppedIsNotPaused) {
  LaunchShell("trap '' TERM");
  std::thread stop([this] {
    EXPECT_THAT(supervisor().Stop("t", "TERM", absl::Seconds(2)), IsOk());
  });
  absl::SleepFor(absl::Milliseconds(500));

  EXPECT_THAT(supervisor().Pause("t"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       "task t is being stopped"));

  stop.join();
}

// Whichever is first, the task ends, and is never said to be paused after it.
TEST_F(TaskPauseTest, PauseRacingWithTheExitSaysSo) {
  constexpr int kRounds = 24;
  absl::Duration life;
  for (int i = 0; i < kRounds; ++i) {
    SCOPED_TRACE(i);
    const absl::Time start = absl::Now();
    const auto task =
        MustLaunch({"/bin/sh", "-c", "sleep 1000 & exec /bin/sleep 0.02"});
    // The first lives undisturbed, the others are paused at any point of that.
    absl::SleepFor(life * i / (kRounds - 4));

    const absl::Status paused = life == absl::ZeroDuration()
                                    ? absl::FailedPreconditionError("")
                                    : supervisor().Pause("t");

    if (paused.ok()) {
      EXPECT_EQ(StateOf("t"), TaskState::kPaused);
      EXPECT_FALSE(task->WaitForExit(absl::Milliseconds(20)).has_value());
      ASSERT_THAT(supervisor().Resume("t"), IsOk());
    } else {
      EXPECT_THAT(paused, StatusIs(absl::StatusCode::kFailedPrecondition));
    }
    const auto exit = task->WaitForExit(kPatience);
    ASSERT_TRUE(exit.has_value());
    EXPECT_EQ(exit->code, 0);
    EXPECT_EQ(StateOf("t"), TaskState::kExited);
    ASSERT_THAT(supervisor().Remove("t"), IsOk());
    if (i == 0) life = absl::Now() - start;
  }
}

TEST_F(TaskPauseTest, StopAndPauseAtOnceEndTheTask) {
  for (int i = 0; i < 20; ++i) {
    SCOPED_TRACE(i);
    ASSERT_THAT(Launch("t", {"/bin/sleep", "1000"}), IsOk());
    std::thread pause([this] {
      for (int n = 0; n < 50; ++n) (void)supervisor().Pause("t");
    });

    const auto exit = supervisor().Stop(
        "t", "TERM", i % 2 == 0 ? kPatience : absl::ZeroDuration());

    pause.join();
    ASSERT_THAT(exit, IsOk());
    ASSERT_THAT(supervisor().Remove("t"), IsOk());
  }
}

}  // namespace
}  // namespace reeve
