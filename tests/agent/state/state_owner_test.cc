#include "agent/state/state_owner.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kPatience = absl::Seconds(20);

class StateOwnerTest : public ::testing::Test {
 protected:
  ~StateOwnerTest() override {
    if (owner_ == 0) return;
    kill(owner_, SIGKILL);
    waitpid(owner_, nullptr, 0);
  }

  // A process that has the directory, under `pid`, or its own if that is 0.
  void StartOwner(bool ends, pid_t pid = 0) {
    int fds[2];
    ASSERT_EQ(pipe2(fds, O_CLOEXEC), 0);
    const UniqueFd ready(fds[0]);
    UniqueFd ready_write(fds[1]);
    owner_ = fork();
    ASSERT_GE(owner_, 0);
    if (owner_ == 0) {
      (void)signal(SIGTERM, ends ? SIG_DFL : SIG_IGN);
      const int fd = open(tree_.Path("lock").c_str(), O_RDWR | O_CREAT, 0644);
      const std::string text = absl::StrCat(pid == 0 ? getpid() : pid, "\n");
      if (flock(fd, LOCK_EX) != 0 || write(fd, text.data(), text.size()) < 0 ||
          write(ready_write.get(), "x", 1) != 1) {
        _exit(1);
      }
      while (true) pause();
    }
    ready_write.Reset();
    char byte;
    ASSERT_EQ(read(ready.get(), &byte, 1), 1);
  }

  FakeTree tree_;
  const std::string dir_ = tree_.Path("");
  pid_t owner_ = 0;
};

TEST_F(StateOwnerTest, WithoutAnOwnerNothingHappens) {
  EXPECT_THAT(EndStateOwner(tree_.Path("missing"), kPatience), IsOk());
  EXPECT_THAT(EndStateOwner(dir_, kPatience), IsOk());
  tree_.Write("lock", absl::StrCat(getppid(), "\n"));
  EXPECT_THAT(EndStateOwner(dir_, kPatience), IsOk());
}

TEST_F(StateOwnerTest, AnOwnerIsAskedToEndAndAwaited) {
  StartOwner(/*ends=*/true);

  EXPECT_THAT(EndStateOwner(dir_, kPatience), IsOk());

  int status = 0;
  ASSERT_EQ(waitpid(owner_, &status, 0), owner_);
  owner_ = 0;
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGTERM);
}

TEST_F(StateOwnerTest, AnOwnerThatDoesNotEndKeepsTheDirectory) {
  StartOwner(/*ends=*/false);

  EXPECT_THAT(EndStateOwner(dir_, absl::Milliseconds(200)),
              StatusIs(absl::StatusCode::kDeadlineExceeded,
                       HasSubstr(absl::StrCat("pid ", owner_))));
  EXPECT_EQ(waitpid(owner_, nullptr, WNOHANG), 0);
}

TEST_F(StateOwnerTest, AProcessThatDoesNotHoldTheLockIsNotEnded) {
  StartOwner(/*ends=*/true, getpid());

  EXPECT_THAT(EndStateOwner(dir_, kPatience),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(waitpid(owner_, nullptr, WNOHANG), 0);
}

}  // namespace
}  // namespace reeve
