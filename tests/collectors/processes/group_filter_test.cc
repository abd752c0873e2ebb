#include "collectors/processes/group_filter.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

TEST(GroupFilterTest, AcceptsEverythingUnlessToldOtherwise) {
  const GroupFilter filter;

  EXPECT_TRUE(filter.Accepts("nginx"));
  EXPECT_TRUE(filter.Accepts(""));
}

TEST(GroupFilterTest, IncludeMatchesTheWholeName) {
  GroupFilter filter;
  ASSERT_THAT(filter.SetInclude("nginx|redis.*"), IsOk());

  EXPECT_TRUE(filter.Accepts("nginx"));
  EXPECT_TRUE(filter.Accepts("redis-server"));
  EXPECT_FALSE(filter.Accepts("nginx-debug"));
  EXPECT_FALSE(filter.Accepts("my redis"));
}

TEST(GroupFilterTest, ExcludeWins) {
  GroupFilter filter;
  ASSERT_THAT(filter.SetInclude("redis.*"), IsOk());
  ASSERT_THAT(filter.SetExclude(".*-cli"), IsOk());

  EXPECT_TRUE(filter.Accepts("redis-server"));
  EXPECT_FALSE(filter.Accepts("redis-cli"));
}

TEST(GroupFilterTest, NamesMayBeAnyBytes) {
  GroupFilter filter;
  ASSERT_THAT(filter.SetInclude("a.c"), IsOk());

  EXPECT_TRUE(
      filter.Accepts("a\xff"
                     "c"));
  EXPECT_FALSE(filter.Accepts("a\nc"));
}

TEST(GroupFilterTest, RefusesWhatIsNoExpression) {
  GroupFilter filter;

  EXPECT_THAT(filter.SetInclude("("),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(filter.SetExclude("a{1001}"),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_TRUE(filter.Accepts("("));
}

}  // namespace
}  // namespace reeve
