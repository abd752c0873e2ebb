// What a task is started with: nothing but what the request says.

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <map>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "enforcement/launch/credentials.h"
#include "enforcement/launch/stdio.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/launch_fixture.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

TEST_F(LaunchTest, EnvironmentIsExactlyTheGivenOne) {
  ASSERT_EQ(setenv("REEVE_TEST_OF_AGENT", "secret", 1), 0);
  LaunchRequest request = Request(Program("show"), {});
  request.env = {"A=1", "EMPTY=", "A SPACE=x=y"};

  const std::map<std::string, std::string> shown = Show(std::move(request));

  std::map<std::string, std::string> env;
  for (const auto& [key, value] : shown) {
    if (absl::StartsWith(key, "env.")) env.emplace(key, value);
  }
  EXPECT_THAT(
      env, ElementsAre(std::pair("env.A", "1"), std::pair("env.A SPACE", "x=y"),
                       std::pair("env.EMPTY", "")));
}

TEST_F(LaunchTest, TaskHasTheNiceValueThatIsAskedForAndNotTheAgents) {
  LaunchRequest request = Request(Program("show"), {});
  request.nice = 7;

  EXPECT_EQ(Show(std::move(request))["nice"], "7");
}

TEST_F(LaunchTest, ArgumentsFollowTheAbsolutePathOfTheProgram) {
  auto shown = Show(Request(Program("show"), {"--x", "", "two words"}));
  EXPECT_EQ(shown["argv.0"], Program("show"));
  EXPECT_EQ(shown["argv.1"], "--x");
  EXPECT_EQ(shown["argv.2"], "");
  EXPECT_EQ(shown["argv.3"], "two words");
  EXPECT_EQ(shown.count("argv.4"), 0u);
}

TEST_F(LaunchTest, LargeArgumentsArriveWhole) {
  // The kernel takes 128 KiB for one of them.
  const std::string large(120'000, 'x');
  LaunchRequest request = Request(Program("show"), {large, large, large});
  request.env = {absl::StrCat("LARGE=", large)};

  auto shown = Show(std::move(request));

  EXPECT_EQ(shown["argv.3"], large);
  EXPECT_EQ(shown["env.LARGE"], large);
}

TEST_F(LaunchTest, TaskLeadsASessionOfItsOwnAndTheShimIsItsParent) {
  const absl::StatusOr<LaunchedTask> task =
      launcher_.Launch(Request(Program("show"), {}));
  ASSERT_THAT(task, IsOk());
  ASSERT_THAT(AwaitExit(*task), IsOk());

  const std::string output = tree_.Read("task.out");
  const std::string pid = absl::StrCat(task->process.pid);
  EXPECT_TRUE(absl::StrContains(output, absl::StrCat("\npid=", pid, "\n")));
  EXPECT_TRUE(absl::StrContains(output, absl::StrCat("\npgid=", pid, "\n")));
  EXPECT_TRUE(absl::StrContains(output, absl::StrCat("\nsession=", pid, "\n")));
  EXPECT_TRUE(
      absl::StrContains(output, absl::StrCat("\nppid=", task->shim.pid, "\n")));
}

TEST_F(LaunchTest, SignalsOfTheAgentAreNotInherited) {
  sigset_t some;
  sigemptyset(&some);
  sigaddset(&some, SIGTERM);
  sigaddset(&some, SIGUSR1);
  sigset_t old_mask;
  ASSERT_EQ(pthread_sigmask(SIG_BLOCK, &some, &old_mask), 0);
  const auto old_pipe = signal(SIGPIPE, SIG_IGN);
  const auto old_child = signal(SIGHUP, SIG_IGN);

  auto shown = Show(Request(Program("show"), {}));

  pthread_sigmask(SIG_SETMASK, &old_mask, nullptr);
  signal(SIGPIPE, old_pipe);
  signal(SIGHUP, old_child);
  EXPECT_EQ(shown["signals_blocked"], "0");
  EXPECT_EQ(shown["signals_not_default"], "0");
}

TEST_F(LaunchTest, OnlyTheStandardStreamsAreOpen) {
  // As a careless library leaves it: neither the shim nor the task may get it.
  const UniqueFd leaked(open("/dev/null", O_RDONLY));
  ASSERT_TRUE(leaked);
  auto shown = Show(Request(Program("show"), {}));
  EXPECT_EQ(shown["fds"], "0,1,2");
}

TEST_F(LaunchTest, StreamsMayHaveTheNumbersOfEachOther) {
  // Descriptor 0 is to become 1 and 1 to become 0, as far as can be told.
  LaunchRequest request = Request("/bin/sh", {"-c", "cat; echo error >&2"});
  tree_.Write("in", "from stdin\n");
  tree_.Write("err", "");
  const UniqueFd saved_in(fcntl(0, F_DUPFD_CLOEXEC, 10));
  const UniqueFd saved_out(fcntl(1, F_DUPFD_CLOEXEC, 10));
  ASSERT_EQ(dup2(request.stdout_fd.get(), 0), 0);
  const UniqueFd in(open(tree_.Path("in").c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_EQ(dup2(in.get(), 1), 1);
  request.stdout_fd.Reset(0);
  request.stdin_fd.Reset(1);
  request.stderr_fd.Reset(
      open(tree_.Path("err").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));

  const absl::StatusOr<ExitStatus> exit = Run(std::move(request));

  dup2(saved_in.get(), 0);
  dup2(saved_out.get(), 1);
  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(tree_.Read("task.out"), "from stdin\n");
  EXPECT_EQ(tree_.Read("err"), "error\n");
}

TEST_F(LaunchTest, FifoWithoutAReaderHoldsNothingUp) {
  ASSERT_EQ(mkfifo(tree_.Path("fifo").c_str(), 0600), 0);
  absl::StatusOr<UniqueFd> fifo = OpenTaskOutput(tree_.Path("fifo"));
  ASSERT_THAT(fifo, IsOk());
  LaunchRequest request = Request("/bin/sh", {"-c", "echo x; exit 5"});
  request.stdout_fd = *std::move(fifo);

  const absl::StatusOr<ExitStatus> exit = Run(std::move(request));

  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->code, 5);
}

TEST_F(LaunchTest, WithoutCredentialsTheUserIsTheAgents) {
  auto shown = Show(Request(Program("show"), {}));
  EXPECT_EQ(shown["uid"], "0,0,0");
  EXPECT_EQ(shown["gid"], "0,0,0");
}

TEST_F(LaunchTest, UserHasExactlyTheGroupsOfTheCredentials) {
  LaunchRequest request = Request(SharedProgram("show"), {});
  Credentials credentials;
  credentials.uid = 54321;
  credentials.gid = 54322;
  credentials.groups = {54322, 7, 100};
  request.credentials = credentials;

  auto shown = Show(std::move(request));

  EXPECT_EQ(shown["uid"], "54321,54321,54321");
  EXPECT_EQ(shown["gid"], "54322,54322,54322");
  EXPECT_EQ(shown["groups"], "7,100,54322");
}

TEST_F(LaunchTest, UserWithoutGroupsHasNone) {
  LaunchRequest request = Request(SharedProgram("show"), {});
  const absl::StatusOr<Credentials> credentials = LookUpUser("54321");
  ASSERT_THAT(credentials, IsOk());
  request.credentials = *credentials;

  auto shown = Show(std::move(request));

  EXPECT_EQ(shown["groups"], "");
  EXPECT_EQ(shown["gid"], "54321,54321,54321");
}

TEST_F(LaunchTest, NamedUserHasTheGroupsOfTheDatabaseAndNotThatOfRoot) {
  LaunchRequest request = Request(SharedProgram("show"), {});
  const absl::StatusOr<Credentials> credentials = LookUpUser("daemon");
  ASSERT_THAT(credentials, IsOk());
  request.credentials = *credentials;

  auto shown = Show(std::move(request));

  EXPECT_EQ(shown["uid"], "1,1,1");
  EXPECT_EQ(shown["groups"], "1");
}

TEST_F(LaunchTest, WorkingDirectoryMaskAndScoreAreFixed) {
  tree_.MakeDir("work");
  LaunchRequest request = Request(Program("show"), {});
  request.cwd = tree_.Path("work");
  const mode_t old_mask = umask(077);

  auto shown = Show(std::move(request));

  umask(old_mask);
  EXPECT_EQ(shown["cwd"], tree_.Path("work"));
  EXPECT_EQ(shown["umask"], "022");
  EXPECT_EQ(shown["oom_score_adj"], "0");
}

TEST_F(LaunchTest, LimitOfOpenFilesIsTheOneAskedFor) {
  LaunchRequest request = Request(Program("show"), {});
  request.rlimits = {{RLIMIT_NOFILE, Bound::Of(300), Bound::Of(400)}};
  EXPECT_EQ(Show(std::move(request))["nofile"], "300:400");
}

TEST_F(LaunchTest, StateFilesTellPidAndStartTime) {
  const absl::StatusOr<LaunchedTask> task =
      launcher_.Launch(Request(Program("ignore_signals"), {"--seconds", "60"}));
  ASSERT_THAT(task, IsOk());

  EXPECT_THAT(StateFiles(), ElementsAre("control", "exit", "pid", "starttime"));
  EXPECT_EQ(tree_.Read("task/pid"), absl::StrCat(task->process.pid, "\n"));
  EXPECT_EQ(tree_.Read("task/starttime"),
            absl::StrCat(task->process.start_time_ticks, "\n"));
  const absl::StatusOr<std::string> stat =
      ReadFile(absl::StrCat("/proc/", task->process.pid, "/stat"));
  ASSERT_THAT(stat, IsOk());
  EXPECT_TRUE(absl::StrContains(
      *stat, absl::StrCat(" ", task->process.start_time_ticks, " ")));
  EXPECT_THAT(*stat, StartsWith(absl::StrCat(task->process.pid, " ")));
  EXPECT_NE(task->shim.start_time_ticks, 0u);

  ASSERT_EQ(kill(task->process.pid, SIGKILL), 0);
  const absl::StatusOr<ExitStatus> exit = AwaitExit(*task);
  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->code, 137);
  EXPECT_THAT(StateFiles(),
              ElementsAre("control", "exit", "exitStatus", "pid", "starttime"));
}

}  // namespace
}  // namespace reeve
