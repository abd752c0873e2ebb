#include "enforcement/launch/root_users.h"

#include <sys/stat.h>

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class LookUpUserInRootTest : public ::testing::Test {
 protected:
  absl::StatusOr<Credentials> LookUp(const std::string& user) {
    tree_.MakeDir("root");
    return LookUpUserInRoot(tree_.OpenDir("root").get(), user);
  }

  FakeTree tree_;
};

TEST_F(LookUpUserInRootTest, TheFilesOfTheRootCount) {
  // "daemon" is user 1 on every host.
  tree_.Write("root/etc/passwd", "daemon:x:70:71::/run:/bin/sh\n");
  tree_.Write("root/etc/group", "games:x:72:daemon\n");

  const absl::StatusOr<Credentials> daemon = LookUp("daemon:games");

  ASSERT_THAT(daemon, IsOk());
  EXPECT_EQ(daemon->uid, 70U);
  EXPECT_EQ(daemon->gid, 72U);
  EXPECT_EQ(daemon->home, "/run");
  EXPECT_THAT(daemon->groups, ElementsAre(72U));
}

TEST_F(LookUpUserInRootTest, LinksStayInTheRoot) {
  tree_.Write("passwd", "web:x:1:1::/outside:\n");
  tree_.Write("root/usr/passwd", "web:x:2:2::/inside:\n");
  tree_.MakeLink("root/etc/passwd", "/../usr/passwd");

  EXPECT_EQ(LookUp("web")->home, "/inside");
}

TEST_F(LookUpUserInRootTest, WithoutFilesThereAreNumbersOnly) {
  EXPECT_EQ(LookUp("7:8")->gid, 8U);
  EXPECT_THAT(LookUp("root"), StatusIs(absl::StatusCode::kNotFound,
                                       HasSubstr("unknown user root")));
}

TEST_F(LookUpUserInRootTest, WhatIsNoFileIsAnError) {
  tree_.MakeDir("root/etc");
  ASSERT_EQ(mkfifo(tree_.Path("root/etc/passwd").c_str(), 0600), 0);

  EXPECT_THAT(LookUp("7"),
              StatusIs(absl::StatusCode::kDataLoss,
                       HasSubstr("etc/passwd is no regular file")));
}

TEST_F(LookUpUserInRootTest, AFileWithoutEndIsNotReadToIt) {
  tree_.Write("root/etc/group", std::string((1 << 20) + 1, '\n'));

  EXPECT_THAT(LookUp("7"), StatusIs(absl::StatusCode::kDataLoss,
                                    HasSubstr("etc/group has more than")));
}

}  // namespace
}  // namespace reeve
