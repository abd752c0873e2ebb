#include "enforcement/launch/attach.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <thread>

#include "base/unique_fd.h"
#include "enforcement/shim/attach_socket.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

struct TestPipe {
  UniqueFd read_end;
  UniqueFd write_end;
};

TestPipe MakePipe() {
  int fds[2];
  EXPECT_EQ(pipe2(fds, O_CLOEXEC), 0);
  return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

class AttachTest : public ::testing::Test {
 protected:
  AttachTest() {
    // The shim blocks all signals.
    std::signal(SIGPIPE, SIG_IGN);
    tree_.MakeDir("state");
    dir_ = tree_.OpenDir("state");
  }

  absl::Status Attach(bool closes_input = false) {
    return AttachStreams(dir_.get(), pipe_.read_end, pipe_.write_end,
                         pipe_.write_end, closes_input);
  }

  // Answers one caller as the shim does; sets what it handed over.
  void Serve(int listening_fd, AttachReply reply, AttachedStreams* streams) {
    AttachSocket socket(listening_fd);
    for (int i = 0; i < 100; ++i) {
      PollSet set;
      set.LimitWait(100);
      socket.Register(set);
      set.Wait();
      if (!socket.Take(streams)) continue;
      socket.Answer(reply);
      return;
    }
    ADD_FAILURE() << "nobody came";
  }

  FakeTree tree_;
  UniqueFd dir_;
  TestPipe pipe_ = MakePipe();
};

TEST_F(AttachTest, TheSocketIsForItsUserAlone) {
  const absl::StatusOr<UniqueFd> socket = ListenForAttach(dir_.get());
  ASSERT_THAT(socket, IsOk());

  struct stat info;
  ASSERT_EQ(stat(tree_.Path("state/attach").c_str(), &info), 0);
  EXPECT_TRUE(S_ISSOCK(info.st_mode));
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(AttachTest, DescriptorsAndFlagArrive) {
  const absl::StatusOr<UniqueFd> socket = ListenForAttach(dir_.get());
  ASSERT_THAT(socket, IsOk());
  AttachedStreams streams;
  std::thread shim(
      [&] { Serve(socket->get(), AttachReply::kAttached, &streams); });

  const absl::Status attached = Attach(/*closes_input=*/true);
  shim.join();

  EXPECT_THAT(attached, IsOk());
  EXPECT_TRUE(streams.closes_input);
  ASSERT_EQ(write(streams.fds[1], "x", 1), 1);
  char byte = 0;
  EXPECT_EQ(read(streams.fds[0], &byte, 1), 1);
  EXPECT_EQ(byte, 'x');
  for (const int fd : streams.fds) {
    EXPECT_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    close(fd);
  }
}

TEST_F(AttachTest, TooManyIsSaid) {
  const absl::StatusOr<UniqueFd> socket = ListenForAttach(dir_.get());
  ASSERT_THAT(socket, IsOk());
  AttachedStreams streams;
  std::thread shim([&] { Serve(socket->get(), AttachReply::kFull, &streams); });

  const absl::Status attached = Attach();
  shim.join();

  EXPECT_THAT(attached, StatusIs(absl::StatusCode::kResourceExhausted,
                                 HasSubstr("four are attached")));
  for (const int fd : streams.fds) close(fd);
}

TEST_F(AttachTest, AShimThatIsGoneIsAPrecondition) {
  { ASSERT_THAT(ListenForAttach(dir_.get()), IsOk()); }

  EXPECT_THAT(Attach(), StatusIs(absl::StatusCode::kFailedPrecondition,
                                 HasSubstr("its shim is gone")));
}

TEST_F(AttachTest, NonsenseIsAnsweredAndTheNextCallerIsServed) {
  const absl::StatusOr<UniqueFd> listening = ListenForAttach(dir_.get());
  ASSERT_THAT(listening, IsOk());
  AttachedStreams streams;
  std::thread shim(
      [&] { Serve(listening->get(), AttachReply::kAttached, &streams); });
  const absl::Status bad =
      AttachStreams(dir_.get(), UniqueFd(), UniqueFd(), UniqueFd(), false);

  const absl::Status good = Attach();
  shim.join();

  EXPECT_FALSE(bad.ok());
  EXPECT_THAT(good, IsOk());
  for (const int fd : streams.fds) close(fd);
}

TEST_F(AttachTest, OnlyPipesAndSocketsAreClients) {
  int sockets[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
  const UniqueFd one(sockets[0]);
  const UniqueFd two(sockets[1]);
  const UniqueFd null(open("/dev/null", O_RDWR | O_CLOEXEC));

  EXPECT_THAT(CheckClientStreams(pipe_.read_end, one, two), IsOk());
  EXPECT_THAT(CheckClientStreams(null, one, two),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("stdin")));
  EXPECT_THAT(
      CheckClientStreams(one, two, null),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("stderr")));
  EXPECT_THAT(
      CheckClientStreams(one, UniqueFd(), two),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("stdout")));
}

}  // namespace
}  // namespace reeve
