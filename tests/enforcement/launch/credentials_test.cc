#include "enforcement/launch/credentials.h"

#include <unistd.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/as_nobody.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(MustChangeUserTest, WhoMayBecomeAnybodyBecomesWhoIsNamed) {
  if (geteuid() != 0) GTEST_SKIP() << "only root may become another user";
  const absl::StatusOr<Credentials> root = LookUpUser("root");
  ASSERT_THAT(root, IsOk());

  // Its groups are exactly those of the database then.
  EXPECT_THAT(MustChangeUser("root", *root), IsOkAndHolds(true));
}

TEST(MustChangeUserTest, AnOrdinaryUserStaysWhoItIs) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  const absl::StatusOr<Credentials> daemon = LookUpUser("daemon");
  ASSERT_THAT(daemon, IsOk());
  Credentials oneself;
  oneself.uid = AsNobody::kUid;
  oneself.gid = getegid();
  const AsNobody as_nobody;

  EXPECT_THAT(MustChangeUser("me", oneself), IsOkAndHolds(false));
  EXPECT_THAT(MustChangeUser("daemon", *daemon),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       AllOf(HasSubstr("user daemon"),
                             HasSubstr("the agent is user 65534"))));
  // The same user in another group is another one.
  oneself.gid = 1;
  EXPECT_THAT(MustChangeUser("me:daemon", oneself),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

// "daemon" is user 1 with group 1 on every Linux distribution, and "nobody" is
// a member of no group but its own.

TEST(LookUpUserTest, NameBringsIdsAndHome) {
  const absl::StatusOr<Credentials> daemon = LookUpUser("daemon");

  ASSERT_THAT(daemon, IsOk());
  EXPECT_EQ(daemon->uid, 1u);
  EXPECT_EQ(daemon->gid, 1u);
  EXPECT_EQ(daemon->name, "daemon");
  EXPECT_EQ(daemon->home, "/usr/sbin");
}

TEST(LookUpUserTest, NoUserGetsTheGroupOfRoot) {
  for (const char* user : {"daemon", "nobody", "1", "54321", "nobody:daemon"}) {
    const absl::StatusOr<Credentials> credentials = LookUpUser(user);
    ASSERT_THAT(credentials, IsOk());
    EXPECT_THAT(credentials->groups, Not(Contains(0u))) << user;
  }
}

TEST(LookUpUserTest, NumericUserWithAnEntryIsLikeItsName) {
  const absl::StatusOr<Credentials> daemon = LookUpUser("1");
  ASSERT_THAT(daemon, IsOk());
  EXPECT_EQ(daemon->name, "daemon");
  EXPECT_THAT(daemon->groups, ElementsAre(1u));
}

TEST(LookUpUserTest, NumericUserWithoutAnEntryHasOneGroupOfTheSameNumber) {
  const absl::StatusOr<Credentials> credentials = LookUpUser("54321");
  ASSERT_THAT(credentials, IsOk());
  EXPECT_EQ(credentials->uid, 54321u);
  EXPECT_EQ(credentials->gid, 54321u);
  EXPECT_THAT(credentials->groups, IsEmpty());
  EXPECT_EQ(credentials->name, "");
}

TEST(LookUpUserTest, ExplicitGroupTakesThePlaceOfThePrimary) {
  const absl::StatusOr<Credentials> credentials = LookUpUser("nobody:daemon");
  ASSERT_THAT(credentials, IsOk());
  EXPECT_EQ(credentials->uid, 65534u);
  EXPECT_EQ(credentials->gid, 1u);
  EXPECT_THAT(credentials->groups, ElementsAre(1u));
}

TEST(LookUpUserTest, NumericGroupNeedsNoEntry) {
  const absl::StatusOr<Credentials> credentials = LookUpUser("54321:77");
  ASSERT_THAT(credentials, IsOk());
  EXPECT_EQ(credentials->gid, 77u);
  EXPECT_THAT(credentials->groups, IsEmpty());
}

TEST(LookUpUserTest, UnknownUserIsNamed) {
  EXPECT_THAT(LookUpUser("no-such-user"),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("unknown user no-such-user")));
}

TEST(LookUpUserTest, UnknownGroupIsNamed) {
  EXPECT_THAT(LookUpUser("daemon:no-such-group"),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("unknown group no-such-group")));
}

TEST(LookUpUserTest, IdsThatTheKernelDoesNotTakeAreRefused) {
  // -1 would leave the id of the agent as it is.
  for (const char* user :
       {"4294967295", "4294967296", "99999999999999999999", "1:4294967295"}) {
    EXPECT_THAT(LookUpUser(user), StatusIs(absl::StatusCode::kNotFound))
        << user;
  }
}

TEST(LookUpUserTest, HalfAUserIsRefused) {
  for (const char* user : {"", ":", "daemon:", ":daemon"}) {
    EXPECT_THAT(LookUpUser(user), StatusIs(absl::StatusCode::kInvalidArgument))
        << user;
  }
}

TEST(WithUserVariablesTest, AddsWhatIsMissing) {
  Credentials credentials;
  credentials.name = "ann";
  credentials.home = "/home/ann";
  EXPECT_THAT(WithUserVariables({"A=1"}, credentials),
              ElementsAre("A=1", "USER=ann", "LOGNAME=ann", "HOME=/home/ann"));
}

TEST(WithUserVariablesTest, KeepsWhatIsGiven) {
  Credentials credentials;
  credentials.name = "ann";
  credentials.home = "/home/ann";
  EXPECT_THAT(WithUserVariables({"HOME=/srv", "USER="}, credentials),
              ElementsAre("HOME=/srv", "USER=", "LOGNAME=ann"));
}

TEST(WithUserVariablesTest, UserWithoutAnEntryAddsNothing) {
  EXPECT_THAT(WithUserVariables({}, Credentials()), IsEmpty());
}

}  // namespace
}  // namespace reeve
