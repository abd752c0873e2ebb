// How a task ends, and what the shim does about it.

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "base/file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/launch_fixture.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class LaunchExitTest : public LaunchTest {
 protected:
  // The number after "daemon " in the output of the program "daemonize".
  pid_t DaemonPid() {
    pid_t pid = 0;
    Eventually([&] {
      const std::string output = tree_.Read("task.out");
      return absl::StartsWith(output, "daemon ") &&
             absl::SimpleAtoi(output.substr(7), &pid);
    });
    return pid;
  }

  bool HasHungUp(const LaunchedTask& task) {
    pollfd fifo = {task.exit_fifo.get(), 0, 0};
    return poll(&fifo, 1, 0) == 1;
  }

  // Waits until the program "ignore_signals" does.
  void AwaitReady() {
    EXPECT_TRUE(
        Eventually([&] { return tree_.Read("task.out") == "ready\n"; }));
  }
};

TEST_F(LaunchExitTest, CodeIsThatOfTheProgram) {
  for (const int code : {0, 1, 2, 125, 126, 127, 128, 137, 255}) {
    const std::string name = absl::StrCat("code", code);
    const absl::StatusOr<ExitStatus> exit =
        Run(Request(Program("exit_with"), {absl::StrCat(code)}, name), name);
    ASSERT_THAT(exit, IsOk());
    EXPECT_EQ(exit->code, code);
    EXPECT_EQ(exit->signal, 0);
  }
}

TEST_F(LaunchExitTest, SignalIsAddedTo128) {
  for (int number = 1; number <= SIGRTMAX; ++number) {
    // Ignored or stopping by default; 32 and 33 belong to the C library.
    if (number == SIGCHLD || number == SIGCONT || number == SIGURG ||
        number == SIGWINCH || number == SIGSTOP || number == SIGTSTP ||
        number == SIGTTIN || number == SIGTTOU || number == 32 ||
        number == 33) {
      continue;
    }
    const std::string name = absl::StrCat("signal", number);
    const absl::StatusOr<ExitStatus> exit = Run(
        Request(Program("exit_with"), {"--signal", absl::StrCat(number)}, name),
        name);
    ASSERT_THAT(exit, IsOk());
    EXPECT_EQ(exit->code, 128 + number);
    EXPECT_EQ(exit->signal, number);
  }
}

TEST_F(LaunchExitTest, TimeOfTheExitIsThatOfTheEnd) {
  const absl::Time start = absl::Now();
  const absl::StatusOr<ExitStatus> exit =
      Run(Request(Program("burn"), {"--seconds", "0.2"}));
  ASSERT_THAT(exit, IsOk());
  EXPECT_GE(exit->exited_at, start + absl::Milliseconds(200));
  EXPECT_LE(exit->exited_at, absl::Now());
}

TEST_F(LaunchExitTest, StatusIsOnDiskWhenTheFifoHangsUp) {
  for (int i = 0; i < 20; ++i) {
    const std::string name = absl::StrCat("task", i);
    const absl::StatusOr<LaunchedTask> task =
        launcher_.Launch(Request(Program("exit_with"), {"3"}, name));
    ASSERT_THAT(task, IsOk());
    while (!HasHungUp(*task)) {
    }
    EXPECT_THAT(tree_.Read(absl::StrCat(name, "/exitStatus")),
                StartsWith("3 0 "));
    EXPECT_THAT(Launcher::ReapShim(task->shim), IsOk());
  }
}

TEST_F(LaunchExitTest, DaemonIsKilledAndReapedAfterTheMainProcess) {
  const absl::StatusOr<ExitStatus> exit =
      Run(Request(Program("daemonize"), {"--seconds", "60"}));
  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->code, 0);
  const pid_t daemon = DaemonPid();
  ASSERT_GT(daemon, 0);
  // Reaped, not only dead: nobody else could be its parent by now.
  EXPECT_EQ(kill(daemon, 0), -1);
}

TEST_F(LaunchExitTest, BackgroundJobsDoNotHoldUpTheExit) {
  const absl::StatusOr<ExitStatus> exit =
      Run(Request("/bin/sh", {"-c", "sleep 60 & sleep 60 & exit 4"}));
  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->code, 4);
}

TEST_F(LaunchExitTest, TaskOfTypeCgroupLastsUntilItsDaemonEnds) {
  LaunchRequest request = Request(Program("daemonize"), {"--seconds", "0.5"});
  request.exit_type = ExitType::kCgroup;
  const absl::StatusOr<LaunchedTask> task =
      launcher_.Launch(std::move(request));
  ASSERT_THAT(task, IsOk());
  const absl::Time start = absl::Now();
  const pid_t daemon = DaemonPid();
  ASSERT_GT(daemon, 0);
  EXPECT_TRUE(Eventually([&] { return !IsRunning(task->process.pid); }));
  EXPECT_FALSE(HasHungUp(*task) && IsRunning(daemon));

  const absl::StatusOr<ExitStatus> exit = AwaitExit(*task);

  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->code, 0);
  EXPECT_FALSE(IsRunning(daemon));
  EXPECT_GE(exit->exited_at, start + absl::Milliseconds(300));
}

TEST_F(LaunchExitTest, CodeOfTypeCgroupIsThatOfTheMainProcess) {
  LaunchRequest request =
      Request("/bin/sh", {"-c", "(sleep 0.3; exit 9) & exit 6"});
  request.exit_type = ExitType::kCgroup;
  const absl::StatusOr<ExitStatus> exit = Run(std::move(request));
  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->code, 6);
}

TEST_F(LaunchExitTest, ShimLeadsASessionOfItsOwn) {
  const absl::StatusOr<LaunchedTask> task =
      launcher_.Launch(Request(Program("ignore_signals"), {"--seconds", "60"}));
  ASSERT_THAT(task, IsOk());
  EXPECT_TRUE(
      Eventually([&] { return getsid(task->shim.pid) == task->shim.pid; }));
  ASSERT_EQ(kill(task->process.pid, SIGKILL), 0);
  EXPECT_THAT(AwaitExit(*task), IsOk());
}

TEST_F(LaunchExitTest, ShimTakesNoNoticeOfSignals) {
  const absl::StatusOr<LaunchedTask> task =
      launcher_.Launch(Request(Program("ignore_signals"), {"--seconds", "60"}));
  ASSERT_THAT(task, IsOk());
  AwaitReady();
  for (int number = 1; number <= SIGRTMAX; ++number) {
    if (number == SIGKILL || number == SIGSTOP || number == 32 ||
        number == 33) {
      continue;
    }
    ASSERT_EQ(kill(task->shim.pid, number), 0) << number;
  }
  absl::SleepFor(absl::Milliseconds(50));
  EXPECT_TRUE(IsRunning(task->shim.pid));
  EXPECT_TRUE(IsRunning(task->process.pid));

  ASSERT_EQ(kill(task->process.pid, SIGKILL), 0);
  const absl::StatusOr<ExitStatus> exit = AwaitExit(*task);
  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->signal, SIGKILL);
}

TEST_F(LaunchExitTest, KilledShimHangsUpWithoutAnExitStatus) {
  const absl::StatusOr<LaunchedTask> task =
      launcher_.Launch(Request(Program("ignore_signals"), {"--seconds", "60"}));
  ASSERT_THAT(task, IsOk());
  ASSERT_EQ(kill(task->shim.pid, SIGKILL), 0);

  EXPECT_THAT(AwaitExit(*task), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(StateFiles(), Not(Contains("exitStatus")));

  ASSERT_EQ(kill(task->process.pid, SIGKILL), 0);
}

TEST_F(LaunchExitTest, ControlFifoTakesCommandsWithoutAnEnd) {
  const absl::StatusOr<LaunchedTask> task =
      launcher_.Launch(Request(Program("ignore_signals"), {"--seconds", "60"}));
  ASSERT_THAT(task, IsOk());
  const UniqueFd control(open(tree_.Path("task/control").c_str(),
                              O_WRONLY | O_NONBLOCK | O_CLOEXEC));
  ASSERT_TRUE(control);
  const std::string command = "1 80 25\n";
  // More than the fifo holds.
  EXPECT_TRUE(Eventually([&, sent = 0]() mutable {
    // The shim may take them as fast as they come.
    while (sent <= 20'000 &&
           write(control.get(), command.data(), command.size()) > 0) {
      ++sent;
    }
    return sent > 20'000;
  }));
  EXPECT_TRUE(IsRunning(task->process.pid));
  ASSERT_EQ(kill(task->process.pid, SIGKILL), 0);
  EXPECT_THAT(AwaitExit(*task), IsOk());
}

TEST_F(LaunchExitTest, ErrorOfWritingTheExitStatusIsLogged) {
  const absl::StatusOr<LaunchedTask> task =
      launcher_.Launch(Request(Program("ignore_signals"), {"--seconds", "60"}));
  ASSERT_THAT(task, IsOk());
  tree_.MakeDir("task/exitStatus");
  ASSERT_EQ(kill(task->process.pid, SIGKILL), 0);

  EXPECT_FALSE(AwaitExit(*task).ok());

  EXPECT_THAT(tree_.Read("task/shim.log"),
              HasSubstr("\"message\":\"write exitStatus\",\"errno\":21}"));
}

// An agent that is gone: a child of this process that launches and dies.
TEST_F(LaunchExitTest, TaskOutlivesItsAgent) {
  LaunchRequest request =
      Request(Program("ignore_signals"), {"--seconds", "60"});
  const pid_t agent = fork();
  ASSERT_GE(agent, 0);
  if (agent == 0) {
    const bool ok = launcher_.Launch(std::move(request)).ok();
    raise(SIGKILL);
    _exit(ok ? 0 : 1);
  }
  ASSERT_EQ(waitpid(agent, nullptr, 0), agent);

  AwaitReady();
  pid_t pid = 0;
  ASSERT_TRUE(absl::SimpleAtoi(tree_.Read("task/pid"), &pid));
  EXPECT_TRUE(IsRunning(pid));
  const UniqueFd exit_fifo(
      open(tree_.Path("task/exit").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  ASSERT_EQ(kill(pid, SIGTERM), 0);
  ASSERT_EQ(kill(pid, SIGKILL), 0);
  pollfd fifo = {exit_fifo.get(), 0, 0};
  ASSERT_EQ(poll(&fifo, 1, 60'000), 1);
  EXPECT_THAT(tree_.Read("task/exitStatus"), StartsWith("137 9 "));
}

TEST_F(LaunchExitTest, ShimWeighsNextToNothing) {
  const absl::StatusOr<LaunchedTask> task =
      launcher_.Launch(Request(Program("ignore_signals"), {"--seconds", "60"}));
  ASSERT_THAT(task, IsOk());
  AwaitReady();

  const absl::StatusOr<std::string> rollup =
      ReadFile(absl::StrCat("/proc/", task->shim.pid, "/smaps_rollup"));
  ASSERT_EQ(kill(task->process.pid, SIGKILL), 0);
  ASSERT_THAT(AwaitExit(*task), IsOk());

  ASSERT_THAT(rollup, IsOk());
  int private_kib = 0;
  for (const absl::string_view line : absl::StrSplit(*rollup, '\n')) {
    // "Private_Clean:         12 kB"
    const std::vector<absl::string_view> fields =
        absl::StrSplit(line, ' ', absl::SkipEmpty());
    int kib = 0;
    if (fields.size() == 3 && absl::StartsWith(fields[0], "Private_") &&
        absl::SimpleAtoi(fields[1], &kib)) {
      private_kib += kib;
    }
  }
  RecordProperty("shim_private_kib", private_kib);
  EXPECT_GT(private_kib, 0);
  EXPECT_LE(private_kib, 200);
}

}  // namespace
}  // namespace reeve
