#include "agent/http/web_settings_file.h"

#include <cstdio>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr char kHash[] =
    "$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";

class WebSettingsFileTest : public ::testing::Test {
 protected:
  // As editors and deployments do: by a new file.
  void Replace(const std::string& text) {
    const std::string next = path_ + ".next";
    std::ofstream(next) << text;
    ASSERT_EQ(std::rename(next.c_str(), path_.c_str()), 0);
  }

  static std::string Users(const std::string& user) {
    return absl::StrCat("basic_auth_users: {", user, ": ", kHash, "}\n");
  }

  const std::string path_ = absl::StrCat(::testing::TempDir(), "/web.yml");
  BoundedWorker worker_{"test", 1};
  WebSettingsFile file_{path_, worker_, [] {}};
};

TEST_F(WebSettingsFileTest, NoPathIsPlainHttpForEverybody) {
  WebSettingsFile none("", worker_, [] {});

  ASSERT_THAT(none.Load(), IsOk());
  EXPECT_EQ(none.Current()->tls, nullptr);
  EXPECT_EQ(none.Current()->auth, nullptr);
}

TEST_F(WebSettingsFileTest, ErrorNamesTheFileAndTheLine) {
  Replace("\nx: 1\n");
  EXPECT_THAT(file_.Load(), StatusIs(absl::StatusCode::kInvalidArgument,
                                     AllOf(HasSubstr(path_),
                                           HasSubstr("line 2: unknown key"))));
  std::remove(path_.c_str());
  EXPECT_THAT(file_.Load(),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("No such file")));
  Replace("tls_server_config: {cert_file: none.crt, key_file: none.key}\n");
  EXPECT_THAT(file_.Load(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr(absl::StrCat(
                           "cert_file ", ::testing::TempDir(), "/none.crt"))));
}

TEST_F(WebSettingsFileTest, ChangeIsTakenUp) {
  Replace(Users("alice"));
  ASSERT_THAT(file_.Load(), IsOk());
  const auto before = file_.Current();
  EXPECT_EQ(file_.Current(), before) << "nothing has changed";

  Replace(Users("bob"));

  const auto after = file_.Current();
  EXPECT_EQ(after->auth->users().count("bob"), 1);
  EXPECT_EQ(after->auth->users().count("alice"), 0);
}

TEST_F(WebSettingsFileTest, BadChangeLeavesWhatWasInForce) {
  Replace(Users("alice"));
  ASSERT_THAT(file_.Load(), IsOk());
  const auto before = file_.Current();

  Replace("basic_auth_users: {alice: secret}\n");
  EXPECT_EQ(file_.Current(), before);
  std::remove(path_.c_str());
  EXPECT_EQ(file_.Current(), before);

  Replace(Users("bob"));
  EXPECT_EQ(file_.Current()->auth->users().count("bob"), 1);
}

TEST_F(WebSettingsFileTest, VerdictsStayWhereUsersDo) {
  Replace(Users("alice"));
  ASSERT_THAT(file_.Load(), IsOk());
  const auto before = file_.Current();

  Replace(Users("alice") +
          "http_server_config: {headers: {X-Frame-Options: deny}}\n");

  const auto after = file_.Current();
  EXPECT_EQ(after->auth, before->auth);
  EXPECT_EQ(after->headers.size(), 1);
}

}  // namespace
}  // namespace reeve
