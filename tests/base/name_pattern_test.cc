#include "base/name_pattern.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

NamePattern PatternOf(absl::string_view expression) {
  const absl::StatusOr<NamePattern> pattern = NamePattern::Compile(expression);
  EXPECT_THAT(pattern, IsOk());
  return pattern.value_or(NamePattern());
}

TEST(NamePatternTest, MatchesWholeNames) {
  const NamePattern pattern = PatternOf("lo|veth.*");

  EXPECT_TRUE(pattern.Matches("lo"));
  EXPECT_TRUE(pattern.Matches("veth"));
  EXPECT_TRUE(pattern.Matches("veth1"));
  EXPECT_FALSE(pattern.Matches("lo0"));
  EXPECT_FALSE(pattern.Matches("myveth1"));
  EXPECT_FALSE(pattern.Matches(""));
}

TEST(NamePatternTest, EmptyOneMatchesNothing) {
  EXPECT_FALSE(NamePattern().Matches(""));
  EXPECT_FALSE(PatternOf("").Matches(""));
  EXPECT_FALSE(PatternOf("").Matches("lo"));
}

TEST(NamePatternTest, AnyBytesAreAName) {
  EXPECT_TRUE(PatternOf("/a.+").Matches("/a\n\xff"));
  EXPECT_TRUE(PatternOf("/caf\u00e9").Matches("/caf\u00e9"));
}

TEST(NamePatternTest, CopiesAreTheSame) {
  NamePattern copy;
  {
    const NamePattern pattern = PatternOf("a+");
    copy = pattern;
  }

  EXPECT_TRUE(copy.Matches("aa"));
}

TEST(NamePatternTest, RefusesWhatIsNone) {
  for (const char* expression :
       {"(", "[a", "a)(b", "*)", "a{2,1}", "\\", "(\n"}) {
    const auto pattern = NamePattern::Compile(expression);
    EXPECT_THAT(pattern, StatusIs(absl::StatusCode::kInvalidArgument,
                                  HasSubstr("not a regular expression")))
        << expression;
    EXPECT_EQ(std::string(pattern.status().message()).find('\n'),
              std::string::npos);
  }
}

}  // namespace
}  // namespace reeve
