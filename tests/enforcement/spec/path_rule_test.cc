#include "enforcement/spec/path_rule.h"

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

std::string AccessOf(absl::string_view text) {
  const absl::StatusOr<PathRule> rule = ParsePathRule(text);
  return rule.ok() ? PathAccessText(*rule)
                   : std::string(rule.status().message());
}

TEST(ParsePathRuleTest, WordsStandForLetters) {
  EXPECT_EQ(AccessOf("ro:/usr"), "rx");
  EXPECT_EQ(AccessOf("rw:/data"), "rwxc");
  EXPECT_EQ(AccessOf("cxr:/"), "rxc");
  EXPECT_EQ(AccessOf("w:/dev/null"), "w");
}

TEST(ParsePathRuleTest, ThePathIsAllAfterTheFirstColon) {
  const absl::StatusOr<PathRule> rule = ParsePathRule("r:/a:b c");

  ASSERT_THAT(rule, IsOk());
  EXPECT_EQ(rule->path, "/a:b c");
}

TEST(ParsePathRuleTest, WhatIsWrongIsNamed) {
  EXPECT_THAT(AccessOf(""), HasSubstr("give ACCESS:PATH"));
  EXPECT_THAT(AccessOf("/usr"), HasSubstr("give ACCESS:PATH"));
  EXPECT_THAT(AccessOf("ro"), HasSubstr("give ACCESS:PATH"));
  EXPECT_THAT(AccessOf(":/usr"), HasSubstr("it allows nothing"));
  EXPECT_THAT(AccessOf("rr:/usr"), HasSubstr("letters r, w, x and c"));
  EXPECT_THAT(AccessOf("rz:/usr"), HasSubstr("letters r, w, x and c"));
  EXPECT_THAT(AccessOf("RO:/usr"), HasSubstr("letters r, w, x and c"));
  EXPECT_THAT(AccessOf("ro:usr"), HasSubstr("use an absolute path"));
  EXPECT_THAT(AccessOf("ro:"), HasSubstr("use an absolute path"));
  EXPECT_THAT(AccessOf(absl::string_view("ro:/a\0b", 7)), HasSubstr("NUL"));
}

TEST(ValidatePathRulesTest, ThereIsABoundToThem) {
  PathRule rule;
  rule.path = "/";
  rule.read = true;
  std::vector<PathRule> rules(kMaxPathRules, rule);
  EXPECT_THAT(ValidatePathRules(rules), IsOk());
  rules.push_back(rule);
  EXPECT_THAT(ValidatePathRules(rules),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("257")));
}

}  // namespace
}  // namespace reeve
