// A launch that fails says why in one line and leaves nothing: no process, no
// zombie, no descriptor, no file.

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/file.h"
#include "enforcement/launch/launch_error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/launch_fixture.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class LaunchFailureTest : public LaunchTest {
 protected:
  // Launches what must fail, and checks that nothing is left of it.
  absl::Status Fail(LaunchRequest request) {
    return Fail(launcher_, std::move(request));
  }

  absl::Status Fail(const Launcher& launcher, LaunchRequest request) {
    // The request itself holds the state directory and the output.
    Footprint before = Footprint::Now();
    before.descriptors -= 2;
    absl::Status status = launcher.Launch(std::move(request)).status();
    EXPECT_EQ(Footprint::Now(), before);
    EXPECT_THAT(StateFiles(), IsEmpty());
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("\n")));
    return status;
  }

  std::string Write(const std::string& name, const std::string& contents,
                    mode_t mode) {
    tree_.Write(name, contents);
    EXPECT_EQ(chmod(tree_.Path(name).c_str(), mode), 0);
    return tree_.Path(name);
  }
};

TEST_F(LaunchFailureTest, MissingProgramIsNotFound) {
  const absl::Status status = Fail(Request("/no/such/program", {}));
  EXPECT_THAT(status,
              StatusIs(absl::StatusCode::kNotFound,
                       "exec /no/such/program: No such file or directory"));
  EXPECT_EQ(ReasonOf(status), LaunchErrorReason::kProgramNotFound);
}

TEST_F(LaunchFailureTest, DirectoryIsNotExecutable) {
  const absl::Status status = Fail(Request("/tmp", {}));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kPermissionDenied,
                               HasSubstr("exec /tmp: Permission denied")));
  EXPECT_EQ(ReasonOf(status), LaunchErrorReason::kProgramNotExecutable);
}

TEST_F(LaunchFailureTest, FileWithoutPermissionIsNotExecutable) {
  const std::string path = Write("data", "#!/bin/sh\n", 0644);
  const absl::Status status = Fail(Request(path, {}));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kPermissionDenied,
                               HasSubstr(absl::StrCat("exec ", path))));
  EXPECT_EQ(ReasonOf(status), LaunchErrorReason::kProgramNotExecutable);
}

TEST_F(LaunchFailureTest, PermissionIsThatOfTheUser) {
  const std::string path = SharedProgram("show");
  ASSERT_EQ(chmod(path.c_str(), 0700), 0);
  LaunchRequest request = Request(path, {});
  request.credentials = Credentials{54321, 54321, {}, "", ""};

  const absl::Status status = Fail(std::move(request));

  EXPECT_THAT(
      status,
      StatusIs(absl::StatusCode::kPermissionDenied,
               HasSubstr(absl::StrCat("exec ", path, " as user 54321"))));
  EXPECT_EQ(ReasonOf(status), LaunchErrorReason::kProgramNotExecutable);
}

TEST_F(LaunchFailureTest, MissingInterpreterIsSaidAsSuch) {
  const std::string path = Write("script", "#!/no/such/shell\n", 0755);
  const absl::Status status = Fail(Request(path, {}));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound,
                               AllOf(HasSubstr(path),
                                     HasSubstr("interpreter missing?"))));
  EXPECT_EQ(ReasonOf(status), LaunchErrorReason::kProgramNotExecutable);
}

TEST_F(LaunchFailureTest, TextWithoutAnInterpreterIsNoProgram) {
  const std::string path = Write("text", "hello\n", 0755);
  const absl::Status status = Fail(Request(path, {}));
  EXPECT_THAT(std::string(status.message()), HasSubstr("Exec format error"));
  EXPECT_EQ(ReasonOf(status), LaunchErrorReason::kProgramNotExecutable);
}

TEST_F(LaunchFailureTest, FileThatIsBeingWrittenIsNotExecutable) {
  const std::string path = SharedProgram("show");
  const UniqueFd writer(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  ASSERT_TRUE(writer);
  const absl::Status status = Fail(Request(path, {}));
  EXPECT_THAT(std::string(status.message()), HasSubstr("Text file busy"));
}

TEST_F(LaunchFailureTest, TooManyArgumentsAreNotTheProgramsFault) {
  LaunchRequest request = Request("/bin/true", {std::string(3'000'000, 'x')});
  const absl::Status status = Fail(std::move(request));
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("exec /bin/true: Argument list too long"));
  EXPECT_EQ(ReasonOf(status), LaunchErrorReason::kOther);
}

TEST_F(LaunchFailureTest, MissingWorkingDirectoryIsNamed) {
  LaunchRequest request = Request("/bin/true", {});
  request.cwd = "/no/such/directory";
  const absl::Status status = Fail(std::move(request));
  EXPECT_THAT(status,
              StatusIs(absl::StatusCode::kNotFound,
                       "chdir /no/such/directory: No such file or directory"));
  EXPECT_EQ(ReasonOf(status), LaunchErrorReason::kOther);
}

TEST_F(LaunchFailureTest, DescriptorThatIsNoCgroupDirectoryIsRefused) {
  LaunchRequest request = Request("/bin/true", {});
  request.cgroup.into_cgroup = tree_.OpenDir("task");
  Footprint before = Footprint::Now();
  before.descriptors -= 3;

  const absl::Status status = launcher_.Launch(std::move(request)).status();

  EXPECT_THAT(std::string(status.message()),
              HasSubstr("create a process in the cgroup"));
  EXPECT_EQ(Footprint::Now(), before);
}

TEST_F(LaunchFailureTest, TasksFileThatCannotBeWrittenFailsTheLaunch) {
  LaunchRequest request = Request("/bin/true", {});
  request.cgroup.tasks_files.emplace_back(
      open("/dev/null", O_RDONLY | O_CLOEXEC));
  Footprint before = Footprint::Now();
  before.descriptors -= 3;

  const absl::Status status = launcher_.Launch(std::move(request)).status();

  EXPECT_THAT(std::string(status.message()), HasSubstr("enter the cgroup"));
  EXPECT_EQ(Footprint::Now(), before);
}

TEST_F(LaunchFailureTest, LimitThatIsRefusedFailsTheLaunch) {
  LaunchRequest request = Request("/bin/true", {});
  // Soft above hard.
  request.rlimits = {{RLIMIT_NOFILE, Bound::Of(200), Bound::Of(100)}};
  EXPECT_THAT(std::string(Fail(std::move(request)).message()),
              HasSubstr("set rlimit.nofile to 200:100: Invalid argument"));
}

TEST_F(LaunchFailureTest, StateDirectoryInUseIsLeftAsItIs) {
  LaunchRequest request = Request("/bin/true", {});
  tree_.Write("task/exit", "another task's");
  tree_.Write("task/pid", "1\n");

  EXPECT_THAT(launcher_.Launch(std::move(request)),
              StatusIs(absl::StatusCode::kAlreadyExists));

  EXPECT_EQ(tree_.Read("task/exit"), "another task's");
  EXPECT_EQ(tree_.Read("task/pid"), "1\n");
}

TEST_F(LaunchFailureTest, StateDirectoryThatIsGoneIsSaid) {
  LaunchRequest request = Request("/bin/true", {});
  tree_.Remove("task");
  EXPECT_THAT(Fail(std::move(request)),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("exit fifo in the state directory")));
}

TEST_F(LaunchFailureTest, StateFileThatCannotBeWrittenEndsTheTask) {
  LaunchRequest request =
      Request(Program("ignore_signals"), {"--seconds", "60"});
  tree_.MakeDir("task/pid");

  const Footprint before = Footprint::Now();
  const absl::Status status = launcher_.Launch(std::move(request)).status();

  EXPECT_THAT(std::string(status.message()),
              HasSubstr("write pid and starttime: Is a directory"));
  EXPECT_EQ(Footprint::Now().children, before.children);
}

TEST_F(LaunchFailureTest, MissingShimIsNamed) {
  Launcher::Options options;
  options.shim_path = "/no/such/shim";
  EXPECT_THAT(Fail(Launcher(options), Request("/bin/true", {})),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("start the shim /no/such/shim")));
}

TEST_F(LaunchFailureTest, ShimThatEndsWithoutAReportIsAnError) {
  Launcher::Options options;
  options.shim_path = "/bin/false";
  EXPECT_THAT(Fail(Launcher(options), Request("/bin/true", {})),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("ended without a report (exit code 1)")));
}

TEST_F(LaunchFailureTest, StartThatTakesTooLongIsGivenUp) {
  Launcher::Options options;
  // It does not know what to do with the plan's number, and waits.
  options.shim_path = Program("ignore_signals");
  options.start_timeout = absl::Milliseconds(200);
  const absl::Time start = absl::Now();

  const absl::Status status = Fail(Launcher(options), Request("/bin/true", {}));

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kDeadlineExceeded,
                               HasSubstr("/bin/true: the program did not start "
                                         "within 200ms")));
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
}

// As one does whose working directory is on a file system that has gone away:
// here the step before it blocks, on a fifo that is full.
TEST_F(LaunchFailureTest, ChildThatHangsBeforeItsProgramIsEnded) {
  Launcher::Options options = LauncherOptions();
  options.start_timeout = absl::Milliseconds(300);
  ASSERT_EQ(mkfifo(tree_.Path("fifo").c_str(), 0755), 0);
  LaunchRequest request = Request("/bin/true", {});
  const UniqueFd reader(
      open(tree_.Path("fifo").c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  std::string full(4096, 'x');
  while (write(reader.get(), full.data(), full.size()) > 0) {
  }
  request.cgroup.tasks_files.emplace_back(
      open(tree_.Path("fifo").c_str(), O_WRONLY | O_CLOEXEC));
  Footprint before = Footprint::Now();
  before.descriptors -= 3;

  const absl::Status status =
      Launcher(options).Launch(std::move(request)).status();

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(Footprint::Now(), before);
  EXPECT_THAT(StateFiles(), IsEmpty());
}

// The end of a shim without a report is seen by the end of its status pipe,
// which a shim of another thread's launch must not hold open.
TEST_F(LaunchFailureTest, WhatFailsMeanwhileEndsTheTask) {
  LaunchRequest request =
      Request(Program("ignore_signals"), {"--seconds", "60"});
  request.meanwhile = [] { return absl::ResourceExhaustedError("no room"); };

  EXPECT_THAT(Fail(std::move(request)),
              StatusIs(absl::StatusCode::kResourceExhausted, "no room"));
}

TEST_F(LaunchFailureTest, ShimsStartedMeanwhileHoldNoPipeOpen) {
  constexpr int kLaunches = 40;
  Launcher::Options options;
  options.shim_path = "/bin/false";
  options.start_timeout = absl::Seconds(60);
  const Launcher failing(options);

  std::vector<LaunchedTask> tasks;
  std::thread other([&] {
    for (int i = 0; i < kLaunches; ++i) {
      absl::StatusOr<LaunchedTask> task = launcher_.Launch(
          Request(Program("ignore_signals"), {"--seconds", "60"},
                  absl::StrCat("other", i)));
      EXPECT_THAT(task, IsOk());
      if (task.ok()) tasks.push_back(*std::move(task));
    }
  });
  for (int i = 0; i < kLaunches; ++i) {
    EXPECT_THAT(failing.Launch(Request("/bin/true", {}, absl::StrCat(i))),
                StatusIs(absl::StatusCode::kUnavailable));
  }
  other.join();

  for (size_t i = 0; i < tasks.size(); ++i) {
    ASSERT_EQ(kill(tasks[i].process.pid, SIGKILL), 0);
    EXPECT_THAT(AwaitExit(tasks[i], absl::StrCat("other", i)), IsOk());
  }
}

TEST_F(LaunchFailureTest, ManyLaunchesSomeFailingLeaveNothing) {
  constexpr int kThreads = 4;
  constexpr int kLaunchesPerThread = 50;
  const std::string script = Write("script", "#!/no/such/shell\n", 0755);
  const Footprint before = Footprint::Now();

  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([this, thread, &script] {
      for (int i = 0; i < kLaunchesPerThread; ++i) {
        const std::string name = absl::StrCat("task-", thread, "-", i);
        LaunchRequest request =
            Request(Program("exit_with"), {absl::StrCat(i)}, name);
        const int kind = (i * 7 + thread) % 5;
        if (kind == 1) request.program = "/no/such/program";
        if (kind == 2) request.cwd = "/no/such/directory";
        if (kind == 3) request.program = script;
        const absl::StatusOr<ExitStatus> exit = Run(std::move(request), name);
        const bool must_fail = kind >= 1 && kind <= 3;
        EXPECT_EQ(exit.ok(), !must_fail) << exit.status();
        if (exit.ok()) {
          EXPECT_EQ(exit->code, i);
        } else {
          EXPECT_THAT(StateFiles(name), IsEmpty());
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(Footprint::Now(), before);
}

}  // namespace
}  // namespace reeve
