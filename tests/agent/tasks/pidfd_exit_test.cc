#include "agent/tasks/pidfd_exit.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

class PidfdExitTest : public ::testing::Test {
 protected:
  // A child that goes on for ever.
  void Start() {
    pid_ = fork();
    ASSERT_GE(pid_, 0);
    if (pid_ == 0) {
      while (true) pause();
    }
    pidfd_ = UniqueFd(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
    ASSERT_TRUE(pidfd_);
  }

  void KillAndReap(int signal) const {
    ASSERT_EQ(kill(pid_, signal), 0);
    ASSERT_EQ(waitpid(pid_, nullptr, 0), pid_);
  }

  pid_t pid_ = 0;
  UniqueFd pidfd_;
};

TEST_F(PidfdExitTest, TheKernelTellsHowAnothersChildEnded) {
  Start();
  KillAndReap(SIGTERM);

  const absl::StatusOr<int> status = ReadWaitStatus(pidfd_);

  if (absl::IsUnimplemented(status.status())) {
    GTEST_SKIP() << status.status().message();
  }
  ASSERT_THAT(status, IsOk());
  ASSERT_TRUE(WIFSIGNALED(*status));
  EXPECT_EQ(WTERMSIG(*status), SIGTERM);
}

TEST_F(PidfdExitTest, OneThatIsNotReapedHasNotEndedYet) {
  Start();
  ASSERT_EQ(kill(pid_, SIGKILL), 0);

  const absl::StatusOr<int> status = ReadWaitStatus(pidfd_);

  EXPECT_FALSE(status.ok());
  EXPECT_EQ(waitpid(pid_, nullptr, 0), pid_);
}

}  // namespace
}  // namespace reeve
