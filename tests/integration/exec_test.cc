// Further commands in running tasks, through the supervisor.

#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "agent/tasks/command_output.h"
#include "agent/tasks/task_supervisor.h"
#include "base/file.h"
#include "base/system_clock.h"
#include "enforcement/launch/launch_error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/supervisor_fixture.h"
#include "tests/testing/runfiles.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Long, since a machine may be emulated.
constexpr absl::Duration kPatience = absl::Seconds(60);

template <typename Condition>
bool Eventually(Condition condition) {
  const absl::Time deadline = absl::Now() + kPatience;
  while (!condition()) {
    if (absl::Now() > deadline) return false;
    absl::SleepFor(absl::Milliseconds(5));
  }
  return true;
}

bool IsThere(pid_t pid) {
  const absl::StatusOr<std::string> stat =
      ReadFile(absl::StrCat("/proc/", pid, "/stat"));
  return stat.ok() && !absl::StrContains(*stat, ") Z ");
}

// Children of every thread of this process, zombies too.
std::string ChildrenOfThisProcess() {
  std::string children;
  for (const std::string& thread : {absl::StrCat(getpid())}) {
    const absl::StatusOr<std::string> list =
        ReadFile(absl::StrCat("/proc/self/task/", thread, "/children"));
    if (list.ok()) absl::StrAppend(&children, *list);
  }
  return children;
}

class ExecTest : public TaskSupervisorTest {
 protected:
  TaskSupervisor& supervisor() { return world_->supervisor(); }

  void LaunchSleep(const ResourceLimits& limits = {}) {
    ASSERT_THAT(Launch("t", {"/bin/sleep", "1000"}, limits), IsOk());
  }

  static ExecSpec Shell(const std::string& script) {
    ExecSpec spec;
    spec.command = {"/bin/sh", "-c", script};
    return spec;
  }

  absl::StatusOr<CommandResult> Exec(
      const ExecSpec& spec, absl::Duration timeout = absl::InfiniteDuration(),
      int cancel_fd = -1) {
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0) return absl::InternalError("pipe");
    UniqueFd output(fds[0]);
    fcntl(output.get(), F_SETFL, O_NONBLOCK);
    HandedStreams streams;
    streams.stdout_fd.Reset(fds[1]);
    streams.stderr_fd.Reset(fcntl(fds[1], F_DUPFD_CLOEXEC, 0));
    const absl::Duration deadline = SystemClock().MonotonicNow() + timeout;
    TaskExec::Patience patience;
    patience.timeout = timeout;
    const auto command =
        supervisor().Exec("t", spec, std::move(streams), patience);
    if (!command.ok()) return command.status();
    return AwaitResult(**command, std::move(output), deadline, cancel_fd);
  }

  CommandResult MustExec(const ExecSpec& spec) {
    const absl::StatusOr<CommandResult> result = Exec(spec);
    EXPECT_THAT(result, IsOk());
    return result.ok() ? *result : CommandResult();
  }

  // The first line of a file, as a pid, once it is there.
  pid_t PidIn(const std::string& name) {
    pid_t pid = 0;
    EXPECT_TRUE(Eventually([&] {
      return tree_.Exists(name) && absl::SimpleAtoi(tree_.Read(name), &pid);
    }));
    return pid;
  }
};

TEST_F(ExecTest, RunsInTheCgroupsOfTheTask) {
  ResourceLimits limits;
  limits.pids = Bound::Of(64);
  LaunchSleep(limits);
  const pid_t main = supervisor().Find("t").value()->Status().process.pid;

  const CommandResult result = MustExec(Shell("cat /proc/self/cgroup"));

  EXPECT_EQ(result.exit.code, 0);
  EXPECT_THAT(result.output, HasSubstr(absl::StrCat(parent_, "/t")));
  EXPECT_EQ(result.output,
            ReadFile(absl::StrCat("/proc/", main, "/cgroup")).value());
}

TEST_F(ExecTest, HasTheTasksEnvironmentUserAndDirectory) {
  TaskSpec spec;
  spec.id = "t";
  spec.command = {"/bin/sleep", "1000"};
  spec.env = {"PATH=/bin:/usr/bin", "A=1", "B=2"};
  spec.cwd = "/usr";
  spec.user = "nobody";
  ASSERT_THAT(supervisor().Launch(std::move(spec), {}, false), IsOk());

  ExecSpec own = Shell("id -un; pwd; echo $A $B $C");
  EXPECT_EQ(MustExec(own).output, "nobody\n/usr\n1 2\n");

  own.env = {"B=3", "C=4"};
  own.cwd = "/etc";
  own.user = "root";
  EXPECT_EQ(MustExec(own).output, "root\n/etc\n1 3 4\n");
}

TEST_F(ExecTest, HasTheLimitsThatAreAskedForNow) {
  ResourceLimits limits;
  limits.rlimits = {{RLIMIT_NOFILE, Bound::Of(77), Bound::Of(77)}};
  LaunchSleep(limits);
  ResourceLimits update;
  update.oom_score_adj = 300;
  ASSERT_THAT(supervisor().Update("t", update), IsOk());

  const CommandResult result =
      MustExec(Shell("ulimit -n; cat /proc/self/oom_score_adj"));

  EXPECT_EQ(result.output, "77\n300\n");
}

TEST_F(ExecTest, CountsAgainstTheLimitsOfTheTask) {
  ResourceLimits limits;
  limits.pids = Bound::Of(2);
  LaunchSleep(limits);

  const CommandResult result = MustExec(Shell("(exit 0); echo $?"));

  EXPECT_THAT(result.output, HasSubstr("fork"));
}

TEST_F(ExecTest, HasNoDescriptorButItsStreams) {
  LaunchSleep();

  // The last is that of the directory itself.
  EXPECT_EQ(MustExec(Shell("exec ls /proc/self/fd")).output, "0\n1\n2\n3\n");
}

TEST_F(ExecTest, ExitIsThatOfTheCommand) {
  LaunchSleep();
  for (const int code : {0, 1, 2, 126, 255}) {
    EXPECT_EQ(MustExec(Shell(absl::StrCat("exit ", code))).exit.code, code);
  }
  const CommandResult killed = MustExec(Shell("kill -TERM $$"));
  EXPECT_EQ(killed.exit.code, 128 + SIGTERM);
  EXPECT_EQ(killed.exit.signal, SIGTERM);
}

TEST_F(ExecTest, TheLast4096BytesOfBothStreamsSurvive) {
  LaunchSleep();

  const CommandResult exact =
      MustExec(Shell("head -c 4096 /dev/zero | tr '\\0' x"));
  EXPECT_EQ(exact.output, std::string(4096, 'x'));
  EXPECT_FALSE(exact.output_truncated);

  const CommandResult more = MustExec(
      Shell("head -c 3000000 /dev/zero | tr '\\0' x; echo out; echo err >&2"));
  EXPECT_EQ(more.output.size(), 4096u);
  EXPECT_TRUE(absl::EndsWith(more.output, "xxout\nerr\n"));
  EXPECT_TRUE(more.output_truncated);
}

TEST_F(ExecTest, DeadlineKillsTheWholeTree) {
  LaunchSleep();

  // A daemon of a session of its own, forked twice, and one that ignores
  // signals.
  const absl::StatusOr<CommandResult> result =
      Exec(Shell(absl::StrCat(
               "trap '' TERM INT HUP; (setsid sh -c 'sleep 1000 & echo $! >",
               tree_.Path("daemon"), "' &); while :; do sleep 1; done")),
           absl::Seconds(3));

  EXPECT_THAT(result, StatusIs(absl::StatusCode::kDeadlineExceeded,
                               HasSubstr("killed")));
  EXPECT_FALSE(IsThere(PidIn("daemon")));
  EXPECT_EQ(supervisor().Find("t").value()->Status().state,
            TaskState::kRunning);
}

TEST_F(ExecTest, ACancelledCommandIsKilled) {
  LaunchSleep();
  const UniqueFd cancel(eventfd(1, EFD_CLOEXEC));

  EXPECT_THAT(Exec(Shell("sleep 1000"), absl::InfiniteDuration(), cancel.get()),
              StatusIs(absl::StatusCode::kCancelled, HasSubstr("killed")));
}

TEST_F(ExecTest, ADroppedCommandIsKilledAndLeavesNothing) {
  LaunchSleep();
  const size_t files = CountOpenFiles();
  pid_t pid = 0;
  {
    const auto command = supervisor().Exec("t", Shell("sleep 1000"), {});
    ASSERT_THAT(command, IsOk());
    pid = (*command)->process().pid;
    EXPECT_TRUE(IsThere(pid));
  }
  EXPECT_TRUE(Eventually([pid] { return !IsThere(pid); }));
  EXPECT_TRUE(Eventually([files] { return CountOpenFiles() == files; }));
}

TEST_F(ExecTest, WhatItLeavesBehindIsTheTasksAndItsShimIsReaped) {
  LaunchSleep();
  const std::string children = ChildrenOfThisProcess();
  const absl::Time began = absl::Now();

  // It holds the output open, which is not waited for.
  const CommandResult result = MustExec(
      Shell(absl::StrCat("sleep 1000 & echo $! | tee ", tree_.Path("pid"))));

  EXPECT_LT(absl::Now() - began, kPatience / 2);
  EXPECT_EQ(result.exit.code, 0);
  EXPECT_EQ(result.output, tree_.Read("pid"));
  const pid_t pid = PidIn("pid");
  EXPECT_TRUE(IsThere(pid));
  kill(pid, SIGKILL);
  EXPECT_TRUE(Eventually([&] { return ChildrenOfThisProcess() == children; }));
}

TEST_F(ExecTest, StoppingTheTaskEndsItsCommands) {
  LaunchSleep();
  const auto command = supervisor().Exec("t", Shell("sleep 1000"), {});
  ASSERT_THAT(command, IsOk());

  ASSERT_THAT(supervisor().Stop("t", "", absl::ZeroDuration()), IsOk());

  EXPECT_EQ((*command)->TakeExit().signal, SIGKILL);
  EXPECT_THAT(
      Exec(Shell("true")),
      StatusIs(absl::StatusCode::kFailedPrecondition, "task t has exited"));
}

// Callers that exec in a loop would keep the cgroup from being empty, and so
// the task from its end. The shim is held so that the end takes its time.
TEST_F(ExecTest, NoneEntersOnceTheMainProcessHasEnded) {
  LaunchSleep();
  const TaskStatus status = supervisor().Find("t").value()->Status();
  ASSERT_EQ(kill(status.shim.pid, SIGSTOP), 0);
  ASSERT_EQ(kill(status.process.pid, SIGKILL), 0);
  EXPECT_TRUE(Eventually([&] { return !IsThere(status.process.pid); }));

  EXPECT_THAT(
      Exec(Shell("true")),
      StatusIs(absl::StatusCode::kFailedPrecondition, "task t has exited"));

  kill(status.shim.pid, SIGCONT);
  EXPECT_TRUE(
      supervisor().Find("t").value()->WaitForExit(kPatience).has_value());
}

TEST_F(ExecTest, NoneEntersOnceAStopKillsAllOfIt) {
  TaskSpec spec;
  spec.id = "t";
  spec.command = {"/bin/sleep", "1000"};
  spec.exit_type = ExitType::kCgroup;
  ASSERT_THAT(supervisor().Launch(std::move(spec), {}, false), IsOk());
  const TaskStatus status = supervisor().Find("t").value()->Status();
  ASSERT_EQ(kill(status.shim.pid, SIGSTOP), 0);
  std::thread stop([this] {
    EXPECT_THAT(supervisor().Stop("t", "", absl::ZeroDuration()), IsOk());
  });
  EXPECT_TRUE(Eventually([&] { return !IsThere(status.process.pid); }));

  EXPECT_THAT(
      Exec(Shell("true")),
      StatusIs(absl::StatusCode::kFailedPrecondition, "task t has exited"));

  kill(status.shim.pid, SIGCONT);
  stop.join();
}

TEST_F(ExecTest, TheEndOfTheTaskEndsItsCommands) {
  const std::string end = tree_.Path("end");
  ASSERT_THAT(Launch("t", {"/bin/sh", "-c",
                           absl::StrCat("until test -e ", end,
                                        "; do sleep 0.02; done")}),
              IsOk());
  const auto command = supervisor().Exec("t", Shell("sleep 1000"), {});
  ASSERT_THAT(command, IsOk());
  tree_.Write("end", "");

  EXPECT_EQ((*command)->TakeExit().signal, SIGKILL);
  EXPECT_TRUE(
      supervisor().Find("t").value()->WaitForExit(kPatience).has_value());
}

TEST_F(ExecTest, WrongInputIsRefused) {
  EXPECT_THAT(Exec(Shell("true")), StatusIs(absl::StatusCode::kNotFound));
  LaunchSleep();
  ExecSpec spec;
  EXPECT_THAT(Exec(spec), StatusIs(absl::StatusCode::kInvalidArgument));
  spec = Shell("true");
  spec.env = {"no value"};
  EXPECT_THAT(Exec(spec), StatusIs(absl::StatusCode::kInvalidArgument));
  spec = Shell("true");
  spec.cwd = "relative";
  EXPECT_THAT(Exec(spec), StatusIs(absl::StatusCode::kInvalidArgument));
  spec = Shell("true");
  spec.user = "no-such-user";
  EXPECT_THAT(Exec(spec), StatusIs(absl::StatusCode::kNotFound));
  spec = Shell("true");
  spec.tty = true;
  EXPECT_THAT(Exec(spec), StatusIs(absl::StatusCode::kInvalidArgument,
                                   HasSubstr("not a terminal")));
}

TEST_F(ExecTest, AMissingProgramIsNamedAndLeavesNothing) {
  LaunchSleep();
  const size_t files = CountOpenFiles();
  ExecSpec spec;
  spec.command = {"/bin/no-such-program"};

  const absl::StatusOr<CommandResult> result = Exec(spec);

  EXPECT_THAT(result, StatusIs(absl::StatusCode::kNotFound,
                               HasSubstr("/bin/no-such-program")));
  EXPECT_EQ(ReasonOf(result.status()), LaunchErrorReason::kProgramNotFound);
  EXPECT_EQ(CountOpenFiles(), files);
}

TEST_F(ExecTest, APausedTaskIsToBeResumedFirst) {
  LaunchSleep();
  ASSERT_THAT(supervisor().Pause("t"), IsOk());

  EXPECT_THAT(Exec(Shell("true")),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("reeve resume t")));

  ASSERT_THAT(supervisor().Resume("t"), IsOk());
  EXPECT_EQ(MustExec(Shell("true")).exit.code, 0);
}

TEST_F(ExecTest, ManyRunAtOnce) {
  LaunchSleep();
  const size_t files = CountOpenFiles();
  constexpr int kMany = 32;
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  threads.reserve(kMany);
  for (int i = 0; i < kMany; ++i) {
    threads.emplace_back([this, i, &good] {
      const absl::StatusOr<CommandResult> result =
          Exec(Shell(absl::StrCat("sleep 0.2; echo ", i, "; exit ", i)));
      if (result.ok() && result->exit.code == i &&
          result->output == absl::StrCat(i, "\n")) {
        ++good;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, kMany);
  EXPECT_TRUE(Eventually([files] { return CountOpenFiles() == files; }));
}

TEST_F(ExecTest, WaitsForATaskThatStarts) {
  for (int i = 0; i < 20; ++i) {
    const std::string id = absl::StrCat("t", i);
    std::thread launcher([&] {
      EXPECT_THAT(Launch(id, {"/bin/sleep", "1000"}), IsOk());
    });
    // From the moment that the task is known it is not refused.
    ASSERT_TRUE(Eventually([&] { return supervisor().Find(id).ok(); }));
    const auto command = supervisor().Exec(id, Shell("exit 3"), {});
    EXPECT_THAT(command, IsOk());
    EXPECT_EQ(command.ok() ? (*command)->TakeExit().code : -1, 3);
    launcher.join();
    (void)supervisor().Stop(id, "", absl::ZeroDuration());
  }
}

TEST_F(ExecTest, ATaskThatFailsToStartIsNotWaitedFor) {
  for (int i = 0; i < 20; ++i) {
    std::thread launcher(
        [&] { EXPECT_FALSE(Launch("t", {"/proc/self/status"}).ok()); });
    const auto command = supervisor().Exec("t", Shell("exit 3"), {});
    EXPECT_THAT(command.status().code(),
                AnyOf(absl::StatusCode::kNotFound,
                      absl::StatusCode::kFailedPrecondition))
        << command.status();
    launcher.join();
  }
}

TEST_F(ExecTest, ARaceWithAStopLeavesNothing) {
  for (int i = 0; i < 40; ++i) {
    ASSERT_NO_FATAL_FAILURE(LaunchSleep());
    std::atomic<bool> stopped{false};
    std::vector<std::thread> threads;
    threads.reserve(3);
    for (int j = 0; j < 3; ++j) {
      threads.emplace_back([this, &stopped] {
        while (!stopped) {
          const absl::StatusOr<CommandResult> result =
              Exec(Shell("sleep 1000"));
          if (result.ok()) {
            EXPECT_EQ(result->exit.signal, SIGKILL);
          } else {
            EXPECT_THAT(result, StatusIs(absl::StatusCode::kFailedPrecondition,
                                         "task t has exited"));
          }
        }
      });
    }
    absl::SleepFor(absl::Milliseconds(i % 8));
    EXPECT_THAT(supervisor().Stop("t", "", absl::ZeroDuration()), IsOk());
    stopped = true;
    for (std::thread& thread : threads) thread.join();
    ASSERT_THAT(supervisor().Remove("t"), IsOk());
    const CgroupMounts& mounts = world_->mounts();
    EXPECT_TRUE(Eventually([&] {
      return std::none_of(
          mounts.hierarchies().begin(), mounts.hierarchies().end(),
          [&](const CgroupHierarchy& hierarchy) {
            return access(absl::StrCat(hierarchy.mount_point, parent_, "/t")
                              .c_str(),
                          F_OK) == 0;
          });
    }));
  }
  EXPECT_EQ(world_->observer().leaked, 0);
}

}  // namespace
}  // namespace reeve
