#include "agent/control/control_listener.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <string>

#include "absl/synchronization/notification.h"
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

}  // namespace
}  // namespace reeve
