#include "agent/spec/spec_template.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

const TemplateValues& Values() {
  static const auto* const values =
      new TemplateValues{{"PORT", "80"}, {"EMPTY", ""}, {"SELF", "${PORT}"}};
  return *values;
}

TEST(ExpandTemplateTest, NamesBecomeTheirValues) {
  EXPECT_THAT(ExpandTemplate("", Values()), IsOkAndHolds(""));
  EXPECT_THAT(ExpandTemplate("plain", Values()), IsOkAndHolds("plain"));
  EXPECT_THAT(ExpandTemplate("a${PORT}b${PORT}", Values()),
              IsOkAndHolds("a80b80"));
  EXPECT_THAT(ExpandTemplate("${EMPTY}", Values()), IsOkAndHolds(""));
}

TEST(ExpandTemplateTest, ADefaultIsForWhatIsNotSetOrEmpty) {
  EXPECT_THAT(ExpandTemplate("${NONE:-8080}", Values()), IsOkAndHolds("8080"));
  EXPECT_THAT(ExpandTemplate("${EMPTY:-x y}", Values()), IsOkAndHolds("x y"));
  EXPECT_THAT(ExpandTemplate("${PORT:-8080}", Values()), IsOkAndHolds("80"));
  EXPECT_THAT(ExpandTemplate("${NONE:-}", Values()), IsOkAndHolds(""));
}

TEST(ExpandTemplateTest, ADefaultHasNoOtherNameInIt) {
  for (const char* text : {"${NONE:-${PORT}}", "${PORT:-${NONE}}",
                           "${NONE:-a${PORT:-b}}", "${NONE:-$${PORT}}"}) {
    EXPECT_THAT(ExpandTemplate(text, Values()),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr("a default cannot have a ${ in it")))
        << text;
  }
}

TEST(ExpandTemplateTest, OtherDollarsStandForThemselves) {
  EXPECT_THAT(ExpandTemplate("$PORT $ $$ 5$", Values()),
              IsOkAndHolds("$PORT $ $$ 5$"));
  EXPECT_THAT(ExpandTemplate("$${PORT}", Values()), IsOkAndHolds("${PORT}"));
  EXPECT_THAT(ExpandTemplate("$$${PORT}", Values()), IsOkAndHolds("$${PORT}"));
}

TEST(ExpandTemplateTest, AValueIsNotLookedAtAgain) {
  EXPECT_THAT(ExpandTemplate("${SELF}", Values()), IsOkAndHolds("${PORT}"));
}

TEST(ExpandTemplateTest, WhatIsNotSetIsRefused) {
  EXPECT_THAT(ExpandTemplate("${NONE}", Values()),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("NONE is not set: set it in the env file, or "
                                 "give a default, ${NONE:-default}")));
}

TEST(ExpandTemplateTest, WhatIsNoExpressionIsRefused) {
  for (const char* text : {"${}", "${a b}", "${A:+b}", "${A-b}", "${1}"}) {
    EXPECT_THAT(ExpandTemplate(text, Values()),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr("use ${NAME} or ${NAME:-default}")))
        << text;
  }
  EXPECT_THAT(ExpandTemplate("a ${PORT", Values()),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("\"}\" is missing")));
}

TEST(ExpandTemplatesTest, EveryScalarIsExpandedAndNoKey) {
  YamlNode root = *ParseYaml("a: ${PORT}\nb: [x, '${PORT}1']\n${PORT}: z\n");

  ASSERT_THAT(ExpandTemplates(Values(), &root), IsOk());

  EXPECT_EQ(root.entries[0].second.text, "80");
  EXPECT_EQ(root.entries[1].second.items[1].text, "801");
  EXPECT_EQ(root.entries[2].first, "${PORT}");
}

TEST(ExpandTemplatesTest, AnErrorNamesTheLine) {
  YamlNode root = *ParseYaml("a: 1\nb:\n  - ${NONE}\n");

  EXPECT_THAT(ExpandTemplates(Values(), &root),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("line 3: NONE is not set")));
}

TEST(ExpandTemplatesTest, ASmallFileDoesNotBecomeALargeOne) {
  const TemplateValues values = {{"A", std::string(64 << 10, 'a')}};
  std::string text = "a:\n";
  for (int i = 0; i < 17; ++i) text += "- ${A}\n";
  YamlNode list = *ParseYaml(text);
  std::string line;
  for (int i = 0; i < 17; ++i) line += "${A}";

  EXPECT_THAT(ExpandTemplates(values, &list),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("line 18: with all values")));
  EXPECT_THAT(ExpandTemplate(line, values),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace reeve
