// Tasks with a restart policy, from one attempt to the next and from one agent
// to the next.

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/state/attempt_files.h"
#include "agent/tasks/pidfd.h"
#include "agent/tasks/task_supervisor.h"
#include "base/file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/supervisor_fixture.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::Eq;
using ::testing::Ge;
using ::testing::HasSubstr;

constexpr absl::Duration kPatience = absl::Seconds(20);

class TaskRestartTest : public TaskSupervisorTest {
 protected:
  absl::StatusOr<std::shared_ptr<Task>> LaunchWith(
      RestartWhen when, const std::string& script,
      std::optional<uint32_t> max_restarts = std::nullopt,
      ResourceLimits limits = {}) {
    TaskSpec spec;
    spec.id = "t";
    spec.command = {"/bin/sh", "-c", script};
    spec.limits = std::move(limits);
    spec.restart.when = when;
    spec.restart.max_restarts = max_restarts;
    spec.restart.backoff = backoff_;
    spec.restart.max_backoff = absl::Hours(2);
    return world_->supervisor().Launch(std::move(spec), {}, false);
  }

  // A script that adds a line to a file and ends as `end` says.
  std::string Count(const std::string& end) const {
    return absl::StrCat("echo >> ", tree_.Path("count"), "; ", end);
  }

  size_t Attempts() const {
    const absl::StatusOr<std::string> text = ReadFile(tree_.Path("count"));
    return text.ok() ? text->size() : 0;
  }

  // An attempt that is killed at once may not have come so far.
  bool HasCounted(size_t attempts) const {
    const absl::Time until = absl::Now() + kPatience;
    while (Attempts() < attempts && absl::Now() < until) {
      absl::SleepFor(absl::Milliseconds(5));
    }
    return Attempts() == attempts;
  }

  TaskStatus StatusNow() {
    return world_->supervisor().Find("t").value()->Status();
  }

  // Whether the task comes to a state, in `attempt` or later.
  bool Reaches(TaskState state, uint32_t attempt) {
    const absl::Time until = absl::Now() + kPatience;
    while (absl::Now() < until) {
      const TaskStatus status = StatusNow();
      if (status.state == state && status.attempt.number >= attempt) {
        return true;
      }
      absl::SleepFor(absl::Milliseconds(5));
    }
    return false;
  }

  // Whether a process ends; what nobody has waited for yet has ended too.
  static bool Ends(pid_t pid) {
    const UniqueFd pidfd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
    pollfd fd = {pidfd.get(), POLLIN, 0};
    return !pidfd ||
           poll(&fd, 1,
                static_cast<int>(absl::ToInt64Milliseconds(kPatience))) == 1;
  }

  static bool Appears(const std::string& path) {
    const absl::Time until = absl::Now() + kPatience;
    while (access(path.c_str(), F_OK) != 0) {
      if (absl::Now() > until) return false;
      absl::SleepFor(absl::Milliseconds(5));
    }
    return true;
  }

  absl::Duration backoff_ = absl::Milliseconds(20);
};

TEST_F(TaskRestartTest, AFailedTaskIsStartedAnewUntilTheBound) {
  const auto task = LaunchWith(RestartWhen::kOnFailure, Count("exit 7"), 3);
  ASSERT_THAT(task, IsOk());

  const auto exit = (*task)->WaitForExit(kPatience);

  ASSERT_TRUE(exit.has_value());
  EXPECT_EQ(exit->code, 7);
  EXPECT_EQ(Attempts(), 4U);
  EXPECT_EQ(StatusNow().attempt.number, 4U);
  EXPECT_EQ(world_->observer().exited, 4);
}

TEST_F(TaskRestartTest, SuccessEndsATaskThatIsRestartedOnFailure) {
  const auto task = LaunchWith(
      RestartWhen::kOnFailure,
      absl::StrCat("test -e ", tree_.Path("once"), " && exit 0; echo > ",
                   tree_.Path("once"), "; exit 1"));
  ASSERT_THAT(task, IsOk());

  const auto exit = (*task)->WaitForExit(kPatience);

  ASSERT_TRUE(exit.has_value());
  EXPECT_EQ(exit->code, 0);
  const AttemptStatus attempt = StatusNow().attempt;
  EXPECT_EQ(attempt.number, 2U);
  ASSERT_TRUE(attempt.last_exit.has_value());
  EXPECT_EQ(attempt.last_exit->code, 1);
}

TEST_F(TaskRestartTest, AnAttemptKeepsCgroupLimitsAndCounters) {
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(64 << 20);
  ASSERT_THAT(LaunchWith(RestartWhen::kAlways,
                         "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; "
                         "sleep 1000",
                         std::nullopt, limits),
              IsOk());
  ResourceLimits update;
  update.memory_bytes = Bound::Of(48 << 20);
  update.nice = 5;
  ASSERT_THAT(world_->supervisor().Update("t", update), IsOk());
  const CgroupDirs dirs =
      world_->supervisor().Find("t").value()->cgroup()->dirs();
  absl::SleepFor(absl::Milliseconds(300));
  const auto before = world_->sampler().SampleNow("t");
  ASSERT_THAT(before, IsOk());

  ASSERT_EQ(kill(StatusNow().process.pid, SIGKILL), 0);
  ASSERT_TRUE(Reaches(TaskState::kRunning, 2));

  const auto task = world_->supervisor().Find("t").value();
  EXPECT_EQ(task->cgroup()->dirs().memory->path, dirs.memory->path);
  EXPECT_EQ(task->Limits().memory_bytes, uint64_t{48 << 20});
  EXPECT_EQ(
      getpriority(PRIO_PROCESS, static_cast<id_t>(task->Status().process.pid)),
      5);
  const auto after = world_->sampler().SampleNow("t");
  ASSERT_THAT(after, IsOk());
  EXPECT_GE(*after->cgroup.cpu_usage_ns, *before->cgroup.cpu_usage_ns);
  EXPECT_THAT(after->target->restarts, Eq(uint64_t{1}));
}

TEST_F(TaskRestartTest, AStoppedTaskIsNotStartedAnew) {
  ASSERT_THAT(LaunchWith(RestartWhen::kAlways, Count("exec sleep 1000")),
              IsOk());

  const auto exit = world_->supervisor().Stop("t", "SIGTERM", kPatience);

  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->code, 128 + SIGTERM);
  absl::SleepFor(absl::Milliseconds(200));
  EXPECT_EQ(StatusNow().state, TaskState::kExited);
  EXPECT_EQ(StatusNow().attempt.number, 1U);
}

TEST_F(TaskRestartTest, ATaskThatWaitsForItsRestartCanBeStopped) {
  backoff_ = absl::Hours(1);
  ASSERT_THAT(LaunchWith(RestartWhen::kAlways, "exit 3"), IsOk());
  ASSERT_TRUE(Reaches(TaskState::kRestarting, 1));
  EXPECT_THAT(world_->supervisor().Signal("t", "SIGTERM"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("waits to be restarted")));
  EXPECT_THAT(world_->supervisor().Pause("t"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("waits to be restarted")));

  const auto exit = world_->supervisor().Stop("t", "", kPatience);

  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->code, 3);
  EXPECT_EQ(StatusNow().state, TaskState::kExited);
}

TEST_F(TaskRestartTest, LimitsCanBeChangedWhileItWaits) {
  // Long enough to be seen on a machine that stalls.
  backoff_ = absl::Seconds(3);
  ASSERT_THAT(
      LaunchWith(RestartWhen::kAlways,
                 Count(absl::StrCat("test $(wc -l < ", tree_.Path("count"),
                                    ") -gt 1 && sleep 1000"))),
      IsOk());
  ASSERT_TRUE(Reaches(TaskState::kRestarting, 1));

  ResourceLimits update;
  update.pids = Bound::Of(17);
  update.nice = 3;
  EXPECT_THAT(world_->supervisor().Update("t", update), IsOk());

  ASSERT_TRUE(Reaches(TaskState::kRunning, 2));
  const TaskStatus status = StatusNow();
  EXPECT_EQ(getpriority(PRIO_PROCESS, static_cast<id_t>(status.process.pid)),
            3);
}

TEST_F(TaskRestartTest, AProgramThatHasGoneIsAFailedAttempt) {
  const std::string program = tree_.Path("program");
  tree_.Write("program", "#!/bin/sh\nrm \"$0\"\nexit 1\n");
  ASSERT_EQ(chmod(program.c_str(), 0755), 0);
  TaskSpec spec;
  spec.id = "t";
  spec.command = {program};
  spec.restart.when = RestartWhen::kOnFailure;
  spec.restart.max_restarts = 2;
  spec.restart.backoff = absl::Milliseconds(100);
  const auto task = world_->supervisor().Launch(spec, {}, false);
  ASSERT_THAT(task, IsOk());

  const auto exit = (*task)->WaitForExit(kPatience);

  ASSERT_TRUE(exit.has_value());
  EXPECT_EQ(exit->code, ExitStatus::kUnknown);
  EXPECT_THAT(exit->reason, HasSubstr("could not be started again"));
  EXPECT_THAT(exit->reason, HasSubstr(program));
}

TEST_F(TaskRestartTest, WhatLostItsShimIsClearedBeforeTheNextAttempt) {
  const std::string pid_file = tree_.Path("pid");
  ASSERT_THAT(LaunchWith(RestartWhen::kAlways,
                         absl::StrCat("test -e ", pid_file,
                                      " || { sleep 1000 & echo $! > ", pid_file,
                                      ".tmp; mv ", pid_file, ".tmp ", pid_file,
                                      "; }; exec sleep 1001")),
              IsOk());
  const TaskStatus first = StatusNow();
  ASSERT_TRUE(Appears(pid_file));
  int leftover = 0;
  ASSERT_TRUE(absl::SimpleAtoi(*ReadFile(pid_file), &leftover));
  const UniqueFd pidfd(static_cast<int>(syscall(SYS_pidfd_open, leftover, 0)));
  ASSERT_TRUE(pidfd);

  ASSERT_EQ(kill(first.shim.pid, SIGKILL), 0);
  absl::SleepFor(absl::Milliseconds(100));
  ASSERT_EQ(kill(first.process.pid, SIGKILL), 0);

  ASSERT_TRUE(Reaches(TaskState::kRunning, 2));
  EXPECT_FALSE(IsRunning(pidfd)) << "a process of the first attempt is left";
}

TEST_F(TaskRestartTest, AnAgentThatComesBackGoesOnWithTheAttempts) {
  ASSERT_THAT(LaunchWith(RestartWhen::kAlways, Count("exec sleep 1000")),
              IsOk());
  ASSERT_EQ(kill(StatusNow().process.pid, SIGKILL), 0);
  ASSERT_TRUE(Reaches(TaskState::kRunning, 2));
  const ProcessIdentity second = StatusNow().process;

  RestartAgent();

  EXPECT_EQ(StatusNow().process, second);
  EXPECT_EQ(StatusNow().attempt.number, 2U);
  ASSERT_TRUE(StatusNow().attempt.last_exit.has_value());
  EXPECT_EQ(StatusNow().attempt.last_exit->signal, SIGKILL);
  ASSERT_EQ(kill(second.pid, SIGKILL), 0);
  EXPECT_TRUE(Reaches(TaskState::kRunning, 3));
}

TEST_F(TaskRestartTest, ATaskThatEndedWithoutAnAgentIsStartedByTheNext) {
  ASSERT_THAT(LaunchWith(RestartWhen::kAlways, Count("exec sleep 1000")),
              IsOk());
  ASSERT_TRUE(HasCounted(1));
  const pid_t pid = StatusNow().process.pid;
  world_.reset();
  ASSERT_EQ(kill(pid, SIGKILL), 0);

  world_.emplace(tree_.Path("state"), parent_);

  EXPECT_TRUE(Reaches(TaskState::kRunning, 2));
  EXPECT_TRUE(HasCounted(2));
}

TEST_F(TaskRestartTest, AnAttemptThatWasCutShortIsMadeAgain) {
  ASSERT_THAT(LaunchWith(RestartWhen::kAlways, Count("exec sleep 1000")),
              IsOk());
  const TaskStatus first = StatusNow();
  world_.reset();
  ASSERT_EQ(kill(first.process.pid, SIGKILL), 0);
  ASSERT_TRUE(Ends(first.shim.pid));
  // As an agent leaves it that ends between the record and the launch.
  const auto dir = OpenDirAt(AT_FDCWD, tree_.Path("state/tasks/t"));
  ASSERT_THAT(dir, IsOk());
  state::AttemptRecord record;
  record.set_version(1);
  record.set_attempt(5);
  ASSERT_THAT(WriteAttempt(dir->get(), record), IsOk());
  RemoveLaunchFiles(dir->get());

  world_.emplace(tree_.Path("state"), parent_);

  EXPECT_TRUE(Reaches(TaskState::kRunning, 6));
}

TEST_F(TaskRestartTest, AnAttemptThatWasCutShortDoesNotCount) {
  ASSERT_THAT(LaunchWith(RestartWhen::kOnFailure, Count("exit 7"), 1), IsOk());
  ASSERT_TRUE(Soon([&] { return StatusNow().state == TaskState::kExited; }));
  ASSERT_EQ(Attempts(), 2U);
  ASSERT_THAT(world_->supervisor().Remove("t"), IsOk());
  ASSERT_THAT(LaunchWith(RestartWhen::kOnFailure, Count("exec sleep 1000"), 1),
              IsOk());
  const TaskStatus first = StatusNow();
  world_.reset();
  ASSERT_EQ(kill(first.process.pid, SIGKILL), 0);
  ASSERT_TRUE(Ends(first.shim.pid));
  // The one restart that there may be was begun, and its program never ran.
  const auto dir = OpenDirAt(AT_FDCWD, tree_.Path("state/tasks/t"));
  ASSERT_THAT(dir, IsOk());
  state::AttemptRecord record;
  record.set_version(1);
  record.set_attempt(2);
  record.set_restarts_in_row(1);
  ASSERT_THAT(WriteAttempt(dir->get(), record), IsOk());
  RemoveLaunchFiles(dir->get());

  world_.emplace(tree_.Path("state"), parent_);

  EXPECT_TRUE(Reaches(TaskState::kRunning, 3));
}

TEST_F(TaskRestartTest, AStopIsRememberedByTheNextAgent) {
  ASSERT_THAT(LaunchWith(RestartWhen::kAlways, Count("exec sleep 1000")),
              IsOk());
  ASSERT_TRUE(HasCounted(1));
  const pid_t pid = StatusNow().process.pid;
  world_.reset();
  const auto dir = OpenDirAt(AT_FDCWD, tree_.Path("state/tasks/t"));
  ASSERT_THAT(dir, IsOk());
  state::AttemptRecord record;
  record.set_version(1);
  record.set_attempt(1);
  record.set_stopped(true);
  ASSERT_THAT(WriteAttempt(dir->get(), record), IsOk());
  ASSERT_EQ(kill(pid, SIGINT), 0);

  world_.emplace(tree_.Path("state"), parent_);

  const auto exit =
      world_->supervisor().Find("t").value()->WaitForExit(kPatience);
  ASSERT_TRUE(exit.has_value());
  EXPECT_EQ(exit->signal, SIGINT);
  EXPECT_EQ(Attempts(), 1U);
}

TEST_F(TaskRestartTest, StreamsOfACallerAreRefused) {
  TaskSpec spec;
  spec.id = "t";
  spec.command = {"/bin/true"};
  spec.restart.when = RestartWhen::kAlways;
  HandedStreams streams;
  streams.stdin_fd = UniqueFd(dup(0));

  EXPECT_THAT(
      world_->supervisor().Launch(std::move(spec), std::move(streams), false),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--detach")));
  EXPECT_THAT(world_->supervisor().List(), ::testing::IsEmpty());
}

// Stops and restarts that meet at every moment.
TEST_F(TaskRestartTest, AStopAtAnyMomentIsTheEnd) {
  backoff_ = absl::Milliseconds(10);
  for (int i = 0; i < 30; ++i) {
    ASSERT_THAT(LaunchWith(RestartWhen::kAlways, "exit 1"), IsOk());
    absl::SleepFor(absl::Microseconds(700 * i));

    const auto exit =
        world_->supervisor().Stop("t", "", absl::Milliseconds(100));

    ASSERT_THAT(exit, IsOk());
    const uint32_t attempt = StatusNow().attempt.number;
    absl::SleepFor(absl::Milliseconds(30));
    ASSERT_EQ(StatusNow().state, TaskState::kExited);
    ASSERT_EQ(StatusNow().attempt.number, attempt);
    ASSERT_THAT(world_->supervisor().Remove("t"), IsOk());
  }
}

}  // namespace
}  // namespace reeve
