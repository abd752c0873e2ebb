#include "base/name_filter.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

TEST(NameFilterTest, WantsAllUnlessTold) {
  const NameFilter filter;

  EXPECT_TRUE(filter.Wants("/"));
  EXPECT_TRUE(filter.Wants("/a\nb\xff"));
}

TEST(NameFilterTest, ExpressionsAreForTheWholePath) {
  NameFilter filter;
  ASSERT_THAT(filter.SetInclude("/system\\.slice/.+"), IsOk());

  EXPECT_TRUE(filter.Wants("/system.slice/a.service"));
  EXPECT_TRUE(filter.Wants("/system.slice/a\nb"));
  EXPECT_FALSE(filter.Wants("/system.slice"));
  EXPECT_FALSE(filter.Wants("/x/system.slice/a.service"));
}

TEST(NameFilterTest, WhatIsExcludedIsNotWantedThoughIncluded) {
  NameFilter filter;
  ASSERT_THAT(filter.SetInclude("/a|/b"), IsOk());
  ASSERT_THAT(filter.SetExclude("/b.*"), IsOk());

  EXPECT_TRUE(filter.Wants("/a"));
  EXPECT_FALSE(filter.Wants("/b"));
  EXPECT_FALSE(filter.Wants("/c"));
}

TEST(NameFilterTest, WhatIsNoExpressionIsRefusedAndChangesNothing) {
  NameFilter filter;
  ASSERT_THAT(filter.SetInclude("/a"), IsOk());

  EXPECT_THAT(filter.SetInclude("/system(.slice"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("/system(.slice: not a regular expression")));
  EXPECT_THAT(filter.SetExclude("["),
              StatusIs(absl::StatusCode::kInvalidArgument));

  EXPECT_TRUE(filter.Wants("/a"));
  EXPECT_FALSE(filter.Wants("/b"));
}

TEST(NameFilterTest, EmptyExpressionIsNone) {
  NameFilter filter;
  ASSERT_THAT(filter.SetExclude("/a"), IsOk());
  ASSERT_THAT(filter.SetExclude(""), IsOk());

  EXPECT_TRUE(filter.Wants("/a"));
}

}  // namespace
}  // namespace reeve
