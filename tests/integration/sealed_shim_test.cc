// What a task can do to the program of its shim by way of /proc, as root: no
// harm to it, nor to the file on disk.

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/unique_fd.h"
#include "enforcement/launch/sealed_program.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/launch_fixture.h"
#include "tests/testing/as_nobody.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AnyOf;
using ::testing::EndsWith;

constexpr int kSealExec = 0x20;

std::string ReadLink(const std::string& path) {
  char text[PATH_MAX];
  const ssize_t size = readlink(path.c_str(), text, sizeof(text));
  return std::string(text, size < 0 ? 0 : static_cast<size_t>(size));
}

std::string ExeOf(pid_t pid) { return absl::StrCat("/proc/", pid, "/exe"); }

// The errno of opening it for writing; 0 if that succeeds.
int ErrorOfOpening(const std::string& path, int flags) {
  const UniqueFd fd(open(path.c_str(), flags | O_CLOEXEC));
  return fd ? 0 : errno;
}

// Whoever has the file open can neither write nor cut nor map it.
void ExpectSealed(int fd) {
  EXPECT_EQ(pwrite(fd, "x", 1, 0), -1);
  EXPECT_EQ(errno, EPERM);
  EXPECT_EQ(ftruncate(fd, 0), -1);
  EXPECT_EQ(errno, EPERM);
  EXPECT_EQ(mmap(nullptr, 1, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0),
            MAP_FAILED);
  EXPECT_EQ(errno, EPERM);
  EXPECT_EQ(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK), -1);
  if ((fcntl(fd, F_GET_SEALS) & kSealExec) == 0) return;
  EXPECT_EQ(fchmod(fd, 0), -1);
  EXPECT_EQ(errno, EPERM);
}

class SealedShimTest : public LaunchTest {
 protected:
  void SetUp() override {
    LaunchTest::SetUp();
    if (IsSkipped()) return;
    if (!launcher_.shim().SealStatus().ok()) {
      GTEST_SKIP() << "no executable files in memory: "
                   << launcher_.shim().SealStatus();
    }
  }

  LaunchedTask Start(const Launcher& launcher) {
    absl::StatusOr<LaunchedTask> task = launcher.Launch(
        Request(Program("ignore_signals"), {"--seconds", "60"}));
    EXPECT_THAT(task, IsOk());
    return task.ok() ? *std::move(task) : LaunchedTask();
  }

  void End(const LaunchedTask& task) {
    ASSERT_GT(task.process.pid, 0);
    EXPECT_EQ(kill(task.process.pid, SIGKILL), 0);
    EXPECT_THAT(AwaitExit(task), IsOk());
  }
};

TEST_F(SealedShimTest, ShimsRunFromMemoryUnderTheirName) {
  const LaunchedTask task = Start(launcher_);
  const std::string proc = absl::StrCat("/proc/", task.shim.pid);

  EXPECT_EQ(ReadLink(ExeOf(task.shim.pid)),
            SealedProgram::LinkText("reeve-shim"));
  EXPECT_THAT(ReadFile(proc + "/comm"), IsOkAndHolds("reeve-shim\n"));
  EXPECT_THAT(ReadFile(proc + "/cmdline"),
              IsOkAndHolds(::testing::StartsWith("reeve-shim")));
  // It has no descriptor of it, which the task could inherit.
  for (int fd = 0; fd < 256; ++fd) {
    EXPECT_FALSE(absl::StrContains(ReadLink(absl::StrCat(proc, "/fd/", fd)),
                                   "memfd:reeve-shim"))
        << fd;
  }
  End(task);
}

TEST_F(SealedShimTest, AShimIsKnownToOtherAgentsToo) {
  const LaunchedTask task = Start(launcher_);
  const Launcher other(LauncherOptions());

  EXPECT_TRUE(launcher_.shim().IsRunBy(task.shim.pid));
  EXPECT_TRUE(other.shim().IsRunBy(task.shim.pid));
  EXPECT_FALSE(other.shim().IsRunBy(task.process.pid));
  EXPECT_FALSE(other.shim().IsRunBy(getpid()));
  End(task);
}

TEST_F(SealedShimTest, ARunningOrStoppedShimIsNotOpenedForWriting) {
  const LaunchedTask task = Start(launcher_);
  const std::string exe = ExeOf(task.shim.pid);

  EXPECT_EQ(ErrorOfOpening(exe, O_RDONLY), 0);
  for (const int flags : {O_WRONLY, O_RDWR, O_WRONLY | O_TRUNC}) {
    EXPECT_THAT(ErrorOfOpening(exe, flags), AnyOf(ETXTBSY, EPERM));
  }
  ASSERT_EQ(kill(task.shim.pid, SIGSTOP), 0);
  EXPECT_THAT(ErrorOfOpening(exe, O_WRONLY), AnyOf(ETXTBSY, EPERM));
  ASSERT_EQ(kill(task.shim.pid, SIGCONT), 0);
  End(task);
}

TEST_F(SealedShimTest, TheProgramOfAShimThatHasEndedTakesNoWrite) {
  const std::string path = LauncherOptions().shim_path;
  const absl::StatusOr<std::string> on_disk = ReadFile(path);
  ASSERT_THAT(on_disk, IsOk());
  const LaunchedTask task = Start(launcher_);
  const UniqueFd handle(open(ExeOf(task.shim.pid).c_str(), O_PATH | O_CLOEXEC));
  ASSERT_TRUE(handle);
  End(task);

  {
    // Nobody executes it at the moment, which is when the attack succeeds.
    const UniqueFd file(
        open(absl::StrCat("/proc/self/fd/", handle.get()).c_str(),
             O_RDWR | O_CLOEXEC));
    if (file) {
      ExpectSealed(file.get());
    } else {
      EXPECT_THAT(errno, AnyOf(ETXTBSY, EPERM));
    }
    EXPECT_THAT(Run(Request("/bin/true", {}, "busy"), "busy"), IsOk());
  }

  EXPECT_THAT(ReadFile(path), IsOkAndHolds(*on_disk));
  EXPECT_THAT(Run(Request("/bin/true", {}, "next"), "next"), IsOk());
}

// /proc/PID of an agent without privilege is closed to its children.
TEST_F(SealedShimTest, AnOrdinaryUserStartsItToo) {
  LaunchRequest request = Request("/bin/true", {});
  ASSERT_EQ(chmod(tree_.Path("task").c_str(), 0777), 0);
  absl::StatusOr<LaunchedTask> task;
  {
    const AsNobody as_nobody;
    task = launcher_.Launch(std::move(request));
  }

  ASSERT_THAT(task, IsOk());
  const absl::StatusOr<ExitStatus> exit = AwaitExit(*task);
  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->code, 0);
}

TEST_F(SealedShimTest, TheFileIsStartedWhereNothingCanBeCopied) {
  // A file in memory cannot be written then.
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit none = {0, before.rlim_max};
  signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &none), 0);
  const Launcher launcher(LauncherOptions());
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  signal(SIGXFSZ, SIG_DFL);

  EXPECT_THAT(std::string(launcher.shim().SealStatus().message()),
              EndsWith("reeve-shim to memory: File too large"));
  const LaunchedTask task = Start(launcher);
  EXPECT_THAT(ReadLink(ExeOf(task.shim.pid)), EndsWith("/reeve-shim"));
  EXPECT_TRUE(launcher.shim().IsRunBy(task.shim.pid));
  End(task);
}

}  // namespace
}  // namespace reeve
