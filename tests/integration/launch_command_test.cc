// Further commands in a running task, and the tether that ends what it holds.

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/launch_fixture.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

class LaunchCommandTest : public LaunchTest {
 protected:
  absl::StatusOr<LaunchedCommand> Exec(LaunchRequest request) {
    return launcher_.Exec(std::move(request));
  }

  // What the status pipe tells within a minute.
  static short AwaitEvent(const LaunchedCommand& command) {
    pollfd fd = {command.status.get(), POLLIN, 0};
    return poll(&fd, 1, 60'000) == 1 ? fd.revents : short{0};
  }

  static absl::StatusOr<ExitStatus> AwaitExit(const LaunchedCommand& command) {
    AwaitEvent(command);
    const absl::StatusOr<int> status =
        Launcher::ReadExitReport(command.status.get());
    if (!status.ok()) return status.status();
    return ExitStatusFromWait(*status, absl::Now());
  }

  static bool HasHungUp(const LaunchedCommand& command) {
    pollfd fd = {command.status.get(), 0, 0};
    return poll(&fd, 1, 0) == 1;
  }

  // Waits for the shim to end, and reaps it.
  static void Finish(const LaunchedCommand& command) {
    EXPECT_TRUE(Eventually([&] { return HasHungUp(command); }));
    EXPECT_THAT(Launcher::ReapShim(command.shim), IsOk());
  }

  // The number after "daemon " in the output.
  pid_t DaemonPid() {
    pid_t pid = 0;
    Eventually([&] {
      const std::string output = tree_.Read("task.out");
      return absl::StartsWith(output, "daemon ") &&
             absl::SimpleAtoi(output.substr(7), &pid);
    });
    return pid;
  }

  static UniqueFd TetherOf(LaunchRequest* request) {
    int fds[2];
    EXPECT_EQ(pipe2(fds, O_CLOEXEC), 0);
    request->tether.Reset(fds[0]);
    return UniqueFd(fds[1]);
  }
};

TEST_F(LaunchCommandTest, EndIsReportedAndNothingIsWrittenDown) {
  const Footprint before = Footprint::Now();
  {
    LaunchRequest request = Request("/bin/sh", {"-c", "echo hello; exit 7"});
    const auto command = Exec(std::move(request));
    ASSERT_THAT(command, IsOk());

    const absl::StatusOr<ExitStatus> exit = AwaitExit(*command);

    ASSERT_THAT(exit, IsOk());
    EXPECT_EQ(exit->code, 7);
    EXPECT_EQ(tree_.Read("task.out"), "hello\n");
    EXPECT_THAT(StateFiles(), ::testing::IsEmpty());
    Finish(*command);
  }
  EXPECT_EQ(Footprint::Now(), before);
}

TEST_F(LaunchCommandTest, SignalIsReported) {
  const auto command = Exec(Request(Program("exit_with"), {"--signal", "15"}));
  ASSERT_THAT(command, IsOk());

  const absl::StatusOr<ExitStatus> exit = AwaitExit(*command);

  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->code, 143);
  EXPECT_EQ(exit->signal, 15);
  Finish(*command);
}

TEST_F(LaunchCommandTest, WhatItLeavesBehindGoesOnAndIsReaped) {
  auto command = Exec(Request(Program("daemonize"), {"--seconds", "600"}));
  ASSERT_THAT(command, IsOk());

  const absl::StatusOr<ExitStatus> exit = AwaitExit(*command);

  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->code, 0);
  const pid_t daemon = DaemonPid();
  // Its end was told: nobody waits for it any more.
  command->tether.Reset();
  absl::SleepFor(absl::Milliseconds(100));
  EXPECT_TRUE(IsRunning(daemon));
  EXPECT_FALSE(HasHungUp(*command));

  ASSERT_EQ(kill(daemon, SIGKILL), 0);
  Finish(*command);
}

TEST_F(LaunchCommandTest, WithoutItsTetherItEndsWithAllDescendants) {
  auto command =
      Exec(Request(Program("daemonize"), {"--seconds", "600", "--stay"}));
  ASSERT_THAT(command, IsOk());
  const pid_t daemon = DaemonPid();
  ASSERT_TRUE(IsRunning(daemon));

  command->tether.Reset();

  const absl::StatusOr<ExitStatus> exit = AwaitExit(*command);
  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->signal, SIGKILL);
  Finish(*command);
  EXPECT_FALSE(IsRunning(daemon));
}

TEST_F(LaunchCommandTest, AShimThatWasKilledHasNoReport) {
  const auto command = Exec(Request("/bin/sleep", {"600"}));
  ASSERT_THAT(command, IsOk());

  ASSERT_EQ(kill(command->shim.pid, SIGKILL), 0);

  EXPECT_THAT(AwaitExit(*command),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("shim")));
  ASSERT_EQ(kill(command->process.pid, SIGKILL), 0);
  Finish(*command);
}

TEST_F(LaunchCommandTest, TerminalBecomesTheControllingOne) {
  int master = -1;
  int slave = -1;
  ASSERT_EQ(openpty(&master, &slave, nullptr, nullptr, nullptr), 0);
  const UniqueFd owned_master(master);
  UniqueFd owned_slave(slave);
  LaunchRequest request =
      Request("/bin/sh", {"-c", "echo of the terminal >/dev/tty"});
  request.stdin_fd = std::move(owned_slave);
  request.controlling_tty = true;

  const auto command = Exec(std::move(request));

  ASSERT_THAT(command, IsOk());
  EXPECT_EQ(AwaitExit(*command)->code, 0);
  char bytes[64];
  const ssize_t n = read(master, bytes, sizeof(bytes));
  EXPECT_EQ(std::string(bytes, n > 0 ? static_cast<size_t>(n) : 0),
            "of the terminal\r\n");
  Finish(*command);
}

TEST_F(LaunchCommandTest, WhatIsNoTerminalCannotControl) {
  const Footprint before = Footprint::Now();
  LaunchRequest request = Request("/bin/true", {});
  request.controlling_tty = true;

  EXPECT_THAT(Exec(std::move(request)).status().message(),
              HasSubstr("controlling terminal"));
  EXPECT_EQ(Footprint::Now(), before);
}

TEST_F(LaunchCommandTest, AMissingProgramLeavesNothing) {
  const Footprint before = Footprint::Now();

  EXPECT_THAT(
      Exec(Request("/bin/no-such-program", {})),
      StatusIs(absl::StatusCode::kNotFound, HasSubstr("/bin/no-such-program")));
  EXPECT_EQ(Footprint::Now(), before);
}

TEST_F(LaunchCommandTest, ATaskWithoutItsTetherEndsWithAllOfIt) {
  LaunchRequest request =
      Request(Program("daemonize"), {"--seconds", "600", "--stay"});
  UniqueFd tether = TetherOf(&request);
  const auto task = launcher_.Launch(std::move(request));
  ASSERT_THAT(task, IsOk());
  const pid_t daemon = DaemonPid();
  ASSERT_TRUE(IsRunning(daemon));

  tether.Reset();

  const absl::StatusOr<ExitStatus> exit = LaunchTest::AwaitExit(*task);
  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->signal, SIGKILL);
  EXPECT_FALSE(IsRunning(daemon));
}

TEST_F(LaunchCommandTest, ATetheredTaskOfACgroupEndsToo) {
  LaunchRequest request = Request(Program("daemonize"), {"--seconds", "600"});
  request.exit_type = ExitType::kCgroup;
  UniqueFd tether = TetherOf(&request);
  const auto task = launcher_.Launch(std::move(request));
  ASSERT_THAT(task, IsOk());
  const pid_t daemon = DaemonPid();
  ASSERT_TRUE(IsRunning(daemon));
  ASSERT_TRUE(Eventually([&] { return !IsRunning(task->process.pid); }));

  tether.Reset();

  const absl::StatusOr<ExitStatus> exit = LaunchTest::AwaitExit(*task);
  ASSERT_THAT(exit, IsOk());
  // Of its main process, which had ended by itself.
  EXPECT_EQ(exit->code, 0);
  EXPECT_FALSE(IsRunning(daemon));
}

}  // namespace
}  // namespace reeve
