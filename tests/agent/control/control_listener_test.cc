#include "agent/control/control_listener.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "agent/control/admission.h"
#include "agent/control/connection_quota.h"
#include "agent/control/peer_rules.h"
#include "agent/control/stdio_handover.h"
#include "agent/control/stdio_stash.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

UniqueFd ConnectTo(const std::string& path) {
  UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  EXPECT_EQ(connect(fd.get(), reinterpret_cast<const sockaddr*>(&address),
                    sizeof(address)),
            0);
  return fd;
}

// Waits, bounded, until the peer has closed its end.
bool IsClosedByPeer(const UniqueFd& fd) {
  const timeval limit{5, 0};
  setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  char byte;
  return recv(fd.get(), &byte, 1, 0) == 0;
}

class ControlListenerTest : public ::testing::Test {
 protected:
  // What a process of another user is told, in a process of its own: the user
  // is that of all threads. Empty if it is let in.
  std::string AnswerTo(uid_t uid) {
    int fds[2];
    EXPECT_EQ(pipe2(fds, O_CLOEXEC), 0);
    const UniqueFd read_end(fds[0]);
    UniqueFd write_end(fds[1]);
    const pid_t child = fork();
    if (child == 0) {
      std::string answer = "the user cannot be changed";
      if (setgroups(0, nullptr) == 0 && setgid(uid) == 0 && setuid(uid) == 0) {
        answer = std::string(AskForAdmission(ConnectTo(path_).get()).message());
      }
      (void)!write(write_end.get(), answer.data(), answer.size());
      _exit(0);
    }
    write_end.Reset();
    char answer[256];
    const ssize_t n = read(read_end.get(), answer, sizeof(answer));
    EXPECT_EQ(waitpid(child, nullptr, 0), child);
    return std::string(answer, n > 0 ? static_cast<size_t>(n) : 0);
  }

  FakeTree dir_;
  std::string path_ = dir_.Path("reeve.sock");
  StdioStash stash_;
  absl::Notification served_;
  UniqueFd served_fd_;
  ControlListener listener_{stash_, [this](UniqueFd connection) {
                              served_fd_ = std::move(connection);
                              served_.Notify();
                            }};
};

TEST_F(ControlListenerTest, SocketIsForOwnerAndGroupOnly) {
  ASSERT_THAT(listener_.Start(path_), IsOk());

  struct stat info;
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0660u);
}

TEST_F(ControlListenerTest, PassesOtherConnectionsOnUnread) {
  ASSERT_THAT(listener_.Start(path_), IsOk());
  const UniqueFd caller = ConnectTo(path_);

  ASSERT_EQ(write(caller.get(), "PRI * HTTP/2.0", 14), 14);

  ASSERT_TRUE(served_.WaitForNotificationWithTimeout(absl::Seconds(5)));
  char first[14];
  ASSERT_EQ(recv(served_fd_.get(), first, sizeof(first), MSG_WAITALL), 14);
  EXPECT_EQ(std::string(first, sizeof(first)), "PRI * HTTP/2.0");
}

TEST_F(ControlListenerTest, HandsStreamsOver) {
  ASSERT_THAT(listener_.Start(path_), IsOk());
  int pipe_fds[2];
  ASSERT_EQ(pipe2(pipe_fds, O_CLOEXEC), 0);
  const UniqueFd read_end(pipe_fds[0]);
  UniqueFd write_end(pipe_fds[1]);
  UniqueFd connection;

  const absl::StatusOr<std::string> token =
      SendStreams(path_, 0, write_end.get(), write_end.get(), &connection);

  ASSERT_THAT(token, IsOk());
  absl::StatusOr<HandedStreams> streams = stash_.Take(*token);
  ASSERT_THAT(streams, IsOk());
  ASSERT_EQ(write(streams->stdout_fd.get(), "x", 1), 1);
  char byte;
  EXPECT_EQ(read(read_end.get(), &byte, 1), 1);
  EXPECT_THAT(stash_.Take(*token), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(ControlListenerTest, ForgetsStreamsWhenTheirConnectionCloses) {
  ASSERT_THAT(listener_.Start(path_), IsOk());
  int pipe_fds[2];
  ASSERT_EQ(pipe2(pipe_fds, O_CLOEXEC), 0);
  const UniqueFd read_end(pipe_fds[0]);
  UniqueFd write_end(pipe_fds[1]);
  UniqueFd connection;
  ASSERT_THAT(SendStreams(path_, write_end.get(), write_end.get(),
                          write_end.get(), &connection),
              IsOk());

  write_end.Reset();
  connection.Reset();

  char byte;
  EXPECT_EQ(read(read_end.get(), &byte, 1), 0) << "streams are still open";
}

TEST_F(ControlListenerTest, RefusesAGreetingWithoutDescriptors) {
  ASSERT_THAT(listener_.Start(path_), IsOk());
  const UniqueFd caller = ConnectTo(path_);

  ASSERT_EQ(write(caller.get(), kHandoverGreeting, kHandoverGreetingSize),
            static_cast<ssize_t>(kHandoverGreetingSize));

  EXPECT_TRUE(IsClosedByPeer(caller));
}

TEST_F(ControlListenerTest, DropsAPeerThatSaysNothing) {
  ASSERT_THAT(listener_.Start(path_), IsOk());
  const UniqueFd caller = ConnectTo(path_);
  const timeval limit{10, 0};
  setsockopt(caller.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));

  char byte;
  EXPECT_EQ(recv(caller.get(), &byte, 1, 0), 0);
}

TEST_F(ControlListenerTest, ReplacesASocketThatNobodyListensOn) {
  {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.data(), path_.size());
    const UniqueFd stale(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(bind(stale.get(), reinterpret_cast<const sockaddr*>(&address),
                   sizeof(address)),
              0);
  }

  EXPECT_THAT(listener_.Start(path_), IsOk());
}

TEST_F(ControlListenerTest, RefusesASocketThatIsInUse) {
  ASSERT_THAT(listener_.Start(path_), IsOk());
  ControlListener second(stash_, [](UniqueFd) {});

  const absl::Status status = second.Start(path_);

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(std::string(status.message()), HasSubstr("--socket"));
}

TEST_F(ControlListenerTest, RefusesAPathThatIsTooLongForASocket) {
  const absl::Status status = listener_.Start("/tmp/" + std::string(200, 'x'));

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ControlListenerTest, RemovesItsSocketWhenItStops) {
  ASSERT_THAT(listener_.Start(path_), IsOk());
  listener_.Stop();

  EXPECT_NE(access(path_.c_str(), F_OK), 0);
}

TEST_F(ControlListenerTest, WhoAsksIsAdmittedAndGoesOn) {
  ASSERT_THAT(listener_.Start(path_), IsOk());
  const UniqueFd caller = ConnectTo(path_);

  ASSERT_THAT(AskForAdmission(caller.get()), IsOk());
  ASSERT_EQ(write(caller.get(), "PRI * HTTP/2.0", 14), 14);

  ASSERT_TRUE(served_.WaitForNotificationWithTimeout(absl::Seconds(5)));
  char first[14];
  ASSERT_EQ(recv(served_fd_.get(), first, sizeof(first), MSG_WAITALL), 14);
  EXPECT_EQ(std::string(first, sizeof(first)), "PRI * HTTP/2.0");
}

TEST_F(ControlListenerTest, WithRulesEverybodyConnectsAndTheRulesDecide) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  ControlListener listener(
      stash_, [](UniqueFd) {}, ResolvePeerRules({"4711"}, {}).value());
  ASSERT_THAT(listener.Start(path_), IsOk());
  struct stat info;
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0666u);
  EXPECT_THAT(AskForAdmission(ConnectTo(path_).get()), IsOk());

  ASSERT_EQ(chmod(dir_.Path("").c_str(), 0755), 0);
  EXPECT_EQ(AnswerTo(4711), "");
  EXPECT_EQ(AnswerTo(4712),
            "permission denied: user 4712 is not among --allow-users of the "
            "agent");
}

TEST_F(ControlListenerTest, PeersThatSayLittleHoldNobodyUp) {
  ASSERT_THAT(listener_.Start(path_), IsOk());
  const UniqueFd silent = ConnectTo(path_);
  const UniqueFd dripping = ConnectTo(path_);
  ASSERT_EQ(write(dripping.get(), "R", 1), 1);

  const UniqueFd caller = ConnectTo(path_);
  EXPECT_THAT(AskForAdmission(caller.get()), IsOk());
  // A greeting comes in one piece.
  EXPECT_TRUE(IsClosedByPeer(dripping));
}

// Callers that are passed on, and who may have how many.
class ControlListenerQuotaTest : public ControlListenerTest {
 protected:
  // Whether a new caller is passed on rather than told that there are too many.
  bool IsServed() {
    callers_.push_back(ConnectTo(path_));
    const absl::Status status = AskForAdmission(callers_.back().get());
    if (!status.ok()) {
      EXPECT_THAT(std::string(status.message()), HasSubstr("connections"));
      callers_.pop_back();
      return false;
    }
    const size_t before = served();
    EXPECT_EQ(write(callers_.back().get(), "PRI", 3), 3);
    const absl::MutexLock lock(&mutex_);
    const auto is_there = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return served_ends_.size() > before;
    };
    return mutex_.AwaitWithTimeout(absl::Condition(&is_there),
                                   absl::Seconds(5));
  }

  size_t served() {
    const absl::MutexLock lock(&mutex_);
    return served_ends_.size();
  }

  // An end is noticed soon, not at once.
  bool IsServedSoon() {
    for (int i = 0; i < 500; ++i) {
      if (IsServed()) return true;
      absl::SleepFor(absl::Milliseconds(10));
    }
    return false;
  }

  std::vector<UniqueFd> callers_;
  absl::Mutex mutex_;
  std::vector<UniqueFd> served_ends_ ABSL_GUARDED_BY(mutex_);
  ControlListener two_{stash_,
                       [this](UniqueFd connection) {
                         const absl::MutexLock lock(&mutex_);
                         served_ends_.push_back(std::move(connection));
                       },
                       ResolvePeerRules({"4711"}, {}).value(),
                       ConnectionQuota::Limits{3, 1, 1}};
};

TEST_F(ControlListenerQuotaTest, WhatWasPassedOnCountsUntilItsPeerCloses) {
  ASSERT_THAT(two_.Start(path_), IsOk());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(IsServed());
  EXPECT_FALSE(IsServed());

  callers_.pop_back();

  EXPECT_TRUE(IsServedSoon());
  EXPECT_FALSE(IsServed());
}

TEST_F(ControlListenerQuotaTest, WhatWasPassedOnCountsUntilItIsShutDown) {
  ASSERT_THAT(two_.Start(path_), IsOk());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(IsServed());
  EXPECT_FALSE(IsServed());

  {
    const absl::MutexLock lock(&mutex_);
    ASSERT_EQ(shutdown(served_ends_.back().get(), SHUT_RDWR), 0);
  }

  EXPECT_TRUE(IsClosedByPeer(callers_.back()));
  EXPECT_TRUE(IsServedSoon());
}

TEST_F(ControlListenerQuotaTest, OneUserCannotKeepAnotherOut) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  ASSERT_THAT(two_.Start(path_), IsOk());
  ASSERT_EQ(chmod(dir_.Path("").c_str(), 0755), 0);
  ASSERT_TRUE(IsServed());
  ASSERT_TRUE(IsServed());

  EXPECT_THAT(AnswerTo(4711), HasSubstr("has 2 connections"));
  EXPECT_TRUE(IsServed()) << "a part is root's";
}

}  // namespace
}  // namespace reeve
