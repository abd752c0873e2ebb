#include "enforcement/launch/passwd_file.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kPasswd[] =
    "root:x:0:0:root:/root:/bin/bash\n"
    "web:x:100:200:Web,,,:/srv/web:/bin/false\n"
    "twin:x:100:300::/srv/twin:\n"
    "web:x:101:201::/other:\n";
constexpr char kGroup[] =
    "root:x:0:\n"
    "web:x:200:\n"
    "log:x:4:syslog,web\n"
    "also:x:4:web\n"
    "tape:x:26:webmaster,we\n"
    "mail:x:8:web\n";

absl::StatusOr<Credentials> Resolve(const std::string& user,
                                    const std::string& passwd = kPasswd,
                                    const std::string& group = kGroup) {
  return ResolveUser(user, ParsePasswd(passwd), ParseGroup(group));
}

TEST(ParsePasswdTest, GivesWhatALineSays) {
  const std::vector<PasswdEntry> entries =
      ParsePasswd("web:x:100:200:Web,,,:/srv/web:/bin/false");

  ASSERT_THAT(entries, SizeIs(1));
  EXPECT_EQ(entries[0].name, "web");
  EXPECT_EQ(entries[0].uid, 100U);
  EXPECT_EQ(entries[0].gid, 200U);
  EXPECT_EQ(entries[0].home, "/srv/web");
}

TEST(ParsePasswdTest, LinesThatAreNoEntriesAreLeftOut) {
  for (const char* line :
       {"", ":", "web", "web:x:1", "web:x::1",
        "web:x:1:", ":x:1:1::/:", "web:x:-1:1::/:", "web:x: 1:1::/:",
        "web:x:0x1:1::/:", "web:x:4294967295:1::/:", "web:x:1:4294967295::/:",
        "web:x:99999999999999999999:1::/:", "+::::::", "# web:x:a:b::/:"}) {
    EXPECT_THAT(ParsePasswd(absl::StrCat(line, "\n")), IsEmpty()) << line;
  }
  EXPECT_THAT(ParsePasswd(absl::string_view("we\0b:x:1:1::/:\n", 15)),
              IsEmpty());
}

TEST(ParsePasswdTest, AHomeThatIsNoPathIsTheRoot) {
  for (const char* line :
       {"web:x:1:1", "web:x:1:1:", "web:x:1:1::", "web:x:1:1::srv:"}) {
    const std::vector<PasswdEntry> entries = ParsePasswd(line);
    ASSERT_THAT(entries, SizeIs(1)) << line;
    EXPECT_EQ(entries[0].home, "/") << line;
  }
}

TEST(ParseGroupTest, MembersMayBeMissing) {
  const std::vector<GroupEntry> entries =
      ParseGroup("a:x:1:\nb:x:2\nc:x:3:ann,,bob\nd:x\ne:x:y:ann\n");

  ASSERT_THAT(entries, SizeIs(3));
  EXPECT_THAT(entries[0].members, IsEmpty());
  EXPECT_THAT(entries[1].members, IsEmpty());
  EXPECT_THAT(entries[2].members, ElementsAre("ann", "bob"));
}

TEST(ResolveUserTest, ANameBringsItsIdsHomeAndGroups) {
  const absl::StatusOr<Credentials> web = Resolve("web");

  ASSERT_THAT(web, IsOk());
  EXPECT_EQ(web->uid, 100U);
  EXPECT_EQ(web->gid, 200U);
  EXPECT_EQ(web->name, "web");
  EXPECT_EQ(web->home, "/srv/web");
  EXPECT_THAT(web->groups, ElementsAre(200U, 4U, 8U));
}

TEST(ResolveUserTest, ANumberWithAnEntryIsTheFirstUserThatHasIt) {
  const absl::StatusOr<Credentials> web = Resolve("100");

  ASSERT_THAT(web, IsOk());
  EXPECT_EQ(web->name, "web");
  EXPECT_THAT(web->groups, ElementsAre(200U, 4U, 8U));
}

TEST(ResolveUserTest, AnExplicitGroupTakesThePlaceOfThePrimary) {
  for (const char* user : {"web:tape", "100:26", "web:26"}) {
    const absl::StatusOr<Credentials> web = Resolve(user);
    ASSERT_THAT(web, IsOk());
    EXPECT_EQ(web->gid, 26U) << user;
    EXPECT_THAT(web->groups, ElementsAre(26U, 4U, 8U)) << user;
  }
}

TEST(ResolveUserTest, IdsNeedNoEntry) {
  for (const std::string passwd : {"", kPasswd}) {
    const absl::StatusOr<Credentials> ids = Resolve("5000:77", passwd, passwd);
    ASSERT_THAT(ids, IsOk());
    EXPECT_EQ(ids->uid, 5000U);
    EXPECT_EQ(ids->gid, 77U);
    EXPECT_EQ(ids->name, "");
    EXPECT_EQ(ids->home, "/");
    EXPECT_THAT(ids->groups, IsEmpty());
  }
  EXPECT_EQ(Resolve("5000")->gid, 5000U);
}

TEST(ResolveUserTest, AMemberOfTheGroupOfRootIsInItOnlyWhereItIsListed) {
  EXPECT_THAT(Resolve("root")->groups, ElementsAre(0U));
  EXPECT_THAT(Resolve("web", kPasswd, "root:x:0:web\n")->groups,
              ElementsAre(200U, 0U));
  EXPECT_THAT(Resolve("web", kPasswd, "root:x:0:\n")->groups,
              ElementsAre(200U));
}

TEST(ResolveUserTest, WhoIsUnknownIsNamed) {
  EXPECT_THAT(Resolve("nobody"), StatusIs(absl::StatusCode::kNotFound,
                                          HasSubstr("unknown user nobody in")));
  EXPECT_THAT(Resolve("web:staff"), StatusIs(absl::StatusCode::kNotFound,
                                             HasSubstr("unknown group staff")));
}

TEST(ResolveUserTest, IdsThatTheKernelDoesNotTakeAreRefused) {
  for (const char* user :
       {"4294967295", "99999999999999999999", "1:4294967295"}) {
    EXPECT_THAT(Resolve(user), StatusIs(absl::StatusCode::kNotFound)) << user;
  }
}

TEST(ResolveUserTest, HalfAUserIsRefused) {
  for (const char* user : {"", ":", "web:", ":web"}) {
    EXPECT_THAT(Resolve(user), StatusIs(absl::StatusCode::kInvalidArgument))
        << user;
  }
}

TEST(ResolveUserTest, MoreGroupsThanTheKernelTakesAreRefused) {
  std::string group;
  for (int gid = 1; gid <= 65536; ++gid) {
    absl::StrAppend(&group, "g:x:", 1000 + gid, ":web\n");
  }

  EXPECT_THAT(Resolve("web", kPasswd, group),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("is in 65537 groups")));
}

}  // namespace
}  // namespace reeve
