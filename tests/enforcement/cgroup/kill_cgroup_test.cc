#include "enforcement/cgroup/kill_cgroup.h"

#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string>

#include "base/unique_fd.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

// Ordinary files in the place of the kernel's, to see what is written and to
// choose what is listed.
UniqueFd FakeFile(const std::string& contents) {
  UniqueFd fd(memfd_create("fake", MFD_CLOEXEC));
  EXPECT_EQ(write(fd.get(), contents.data(), contents.size()),
            static_cast<ssize_t>(contents.size()));
  return fd;
}

std::string Contents(const UniqueFd& fd) {
  char text[64];
  const ssize_t n = pread(fd.get(), text, sizeof(text), 0);
  return n < 0 ? "" : std::string(text, static_cast<size_t>(n));
}

pid_t StartSleeper() {
  const pid_t pid = fork();
  if (pid == 0) {
    while (true) pause();
  }
  return pid;
}

// The signal that ended `pid`; -1 if it is not dead within a second.
int SignalThatEnded(pid_t pid) {
  for (int i = 0; i < 1000; ++i) {
    int status = 0;
    if (waitpid(pid, &status, WNOHANG) == pid) {
      return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    }
    usleep(1000);
  }
  kill(pid, SIGKILL);
  waitpid(pid, nullptr, 0);
  return -1;
}

std::string Line(pid_t pid) { return std::to_string(pid) + "\n"; }

TEST(KillCgroupOnceTest, WritesOneToCgroupKillAndListsNothing) {
  const UniqueFd kill_file = FakeFile("");

  EXPECT_EQ(KillCgroupOnce(kill_file.get(), -1, -1, FreezeFile::kNone), 0);

  EXPECT_EQ(Contents(kill_file), "1");
}

TEST(KillCgroupOnceTest, KillsWhatIsListedAndThaws) {
  const pid_t first = StartSleeper();
  const pid_t second = StartSleeper();
  const UniqueFd procs = FakeFile(Line(first) + Line(second));
  const UniqueFd freeze = FakeFile("0");

  EXPECT_EQ(
      KillCgroupOnce(-1, procs.get(), freeze.get(), FreezeFile::kCgroupFreeze),
      0);

  EXPECT_EQ(SignalThatEnded(first), SIGKILL);
  EXPECT_EQ(SignalThatEnded(second), SIGKILL);
  EXPECT_EQ(Contents(freeze), "0");
}

TEST(KillCgroupOnceTest, ThawsTheV1FreezerAfterTheSignals) {
  const UniqueFd procs = FakeFile("");
  const UniqueFd freezer_state = FakeFile("THAWED");

  EXPECT_EQ(KillCgroupOnce(-1, procs.get(), freezer_state.get(),
                           FreezeFile::kFreezerState),
            0);

  EXPECT_EQ(Contents(freezer_state), "THAWED");
}

TEST(KillCgroupOnceTest, SkipsPidZeroWhichWouldBeOurOwnProcessGroup) {
  const pid_t sleeper = StartSleeper();
  const UniqueFd procs = FakeFile("0\n0\n" + Line(sleeper));

  EXPECT_EQ(KillCgroupOnce(-1, procs.get(), -1, FreezeFile::kNone), 0);

  EXPECT_EQ(SignalThatEnded(sleeper), SIGKILL);
}

TEST(KillCgroupOnceTest, ReadsListsLongerThanItsBufferAndNumbersCutByIt) {
  // The victim's line is moved over the end of a buffer of any size up to 4096.
  for (const size_t lead : {1020u, 1021u, 1022u, 1023u, 1024u, 4092u}) {
    SCOPED_TRACE(lead);
    const pid_t sleeper = StartSleeper();
    std::string list;
    while (list.size() + 2 <= lead) list += "0\n";
    if (list.size() < lead) list += "\n";
    const UniqueFd procs = FakeFile(list + Line(sleeper));

    EXPECT_EQ(KillCgroupOnce(-1, procs.get(), -1, FreezeFile::kNone), 0);

    EXPECT_EQ(SignalThatEnded(sleeper), SIGKILL);
  }
}

TEST(KillCgroupOnceTest, AProcessThatIsGoneIsNoError) {
  const pid_t gone = StartSleeper();
  kill(gone, SIGKILL);
  waitpid(gone, nullptr, 0);
  const UniqueFd procs = FakeFile(Line(gone));

  EXPECT_EQ(KillCgroupOnce(-1, procs.get(), -1, FreezeFile::kNone), 0);
}

TEST(KillCgroupOnceTest, WithoutAnyFileSaysSo) {
  EXPECT_EQ(KillCgroupOnce(-1, -1, -1, FreezeFile::kNone), EBADF);
}

TEST(CgroupHasProcessesTest, TellsAListFromAnEmptyOne) {
  bool has_processes = false;
  EXPECT_EQ(CgroupHasProcesses(FakeFile("17\n").get(), &has_processes), 0);
  EXPECT_TRUE(has_processes);

  EXPECT_EQ(CgroupHasProcesses(FakeFile("").get(), &has_processes), 0);
  EXPECT_FALSE(has_processes);
}

TEST(KillCgroupUntilEmptyTest, EndsWhenTheListIsEmpty) {
  const UniqueFd procs = FakeFile("");
  EXPECT_EQ(KillCgroupUntilEmpty(-1, procs.get(), -1, FreezeFile::kNone, 1000),
            0);
}

TEST(KillCgroupUntilEmptyTest, GivesUpAfterTheTimeout) {
  // Pid 0 is listed and cannot be killed.
  const UniqueFd procs = FakeFile("0\n");
  EXPECT_EQ(KillCgroupUntilEmpty(-1, procs.get(), -1, FreezeFile::kNone, 30),
            ETIMEDOUT);
}

}  // namespace
}  // namespace reeve
