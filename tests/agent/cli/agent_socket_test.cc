#include "agent/cli/agent_socket.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

UniqueFd BoundSocket(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(
      bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)),
      0);
  return fd;
}

TEST(ConnectAgentSocketTest, ConnectsToOneThatListens) {
  FakeTree tree;
  const UniqueFd listener = BoundSocket(tree.Path("s"));
  ASSERT_EQ(listen(listener.get(), 1), 0);

  EXPECT_THAT(ConnectAgentSocket(tree.Path("s")), IsOk());
}

TEST(ConnectAgentSocketTest, AMissingOrLeftOverSocketIsNoAgent) {
  FakeTree tree;
  BoundSocket(tree.Path("left-over"));

  for (const char* name : {"missing", "left-over"}) {
    EXPECT_THAT(ConnectAgentSocket(tree.Path(name)),
                StatusIs(absl::StatusCode::kUnavailable,
                         "no agent at " + tree.Path(name) +
                             ": start one with \"reeve agent\""));
  }
}

TEST(ConnectAgentSocketTest, APathThatNoSocketCanHaveIsRefused) {
  EXPECT_THAT(ConnectAgentSocket("/" + std::string(200, 'x')),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("a path of 1 to 107 bytes is needed")));
  EXPECT_THAT(ConnectAgentSocket(""),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace reeve
