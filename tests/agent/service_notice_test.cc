#include "agent/service_notice.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
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

// A socket as a service manager has one; `name` begins with "/" or "@".
UniqueFd Listen(const std::string& name) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, name.data(), name.size());
  if (name[0] == '@') address.sun_path[0] = '\0';
  UniqueFd fd(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(bind(fd.get(), reinterpret_cast<const sockaddr*>(&address),
                 static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) +
                                        name.size())),
            0)
      << name;
  return fd;
}

std::string Received(const UniqueFd& fd) {
  char text[64];
  const ssize_t size = recv(fd.get(), text, sizeof(text), MSG_DONTWAIT);
  return size < 0 ? "nothing" : std::string(text, static_cast<size_t>(size));
}

TEST(NotifyServiceManagerTest, TellsASocketOfTheFileSystem) {
  FakeTree tree;
  const UniqueFd manager = Listen(tree.Path("notify"));

  EXPECT_THAT(NotifyServiceManager(tree.Path("notify"), "READY=1"), IsOk());

  EXPECT_EQ(Received(manager), "READY=1");
}

TEST(NotifyServiceManagerTest, TellsAnAbstractSocket) {
  const std::string name = absl::StrCat("@reeve-notice-test-", getpid());
  const UniqueFd manager = Listen(name);

  EXPECT_THAT(NotifyServiceManager(name, "STOPPING=1"), IsOk());

  EXPECT_EQ(Received(manager), "STOPPING=1");
}

TEST(NotifyServiceManagerTest, NobodyIsToldWhereNobodyAsks) {
  EXPECT_THAT(NotifyServiceManager("", "READY=1"), IsOk());
}

TEST(NotifyServiceManagerTest, ASocketThatIsGoneIsNamed) {
  FakeTree tree;

  EXPECT_THAT(NotifyServiceManager(tree.Path("gone"), "READY=1"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("/gone")));
}

TEST(NotifyServiceManagerTest, ANameThatCannotBeASocketIsRefused) {
  for (const std::string& name :
       {std::string("relative"), "/" + std::string(200, 'x')}) {
    EXPECT_THAT(NotifyServiceManager(name, "READY=1"),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(name)));
  }
}

TEST(NoticeSocketTest, IsThatOfTheEnvironment) {
  unsetenv("NOTIFY_SOCKET");
  EXPECT_EQ(NoticeSocket(), "");

  setenv("NOTIFY_SOCKET", "/run/systemd/notify", 1);
  EXPECT_EQ(NoticeSocket(), "/run/systemd/notify");
  unsetenv("NOTIFY_SOCKET");
}

}  // namespace
}  // namespace reeve
