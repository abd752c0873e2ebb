#include "agent/http/collector_filter.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

CollectorFilter Filter(const std::string& query) {
  const absl::StatusOr<CollectorFilter> filter = CollectorFilter::Parse(query);
  EXPECT_THAT(filter, IsOk()) << query;
  return filter.value_or(CollectorFilter());
}

TEST(CollectorFilterTest, WithoutParametersThereIsEverything) {
  for (const char* query : {"", "x=y", "collect=cpu", "&&", "x"}) {
    EXPECT_TRUE(Filter(query).HasAll()) << query;
    EXPECT_TRUE(Filter(query).Has("cpu")) << query;
  }
}

TEST(CollectorFilterTest, CollectIsThoseAlone) {
  for (const char* query : {"collect[]=cpu&collect[]=group",
                            "collect%5B%5D=cpu&x=1&collect%5b%5d=gro%75p"}) {
    const CollectorFilter filter = Filter(query);
    EXPECT_TRUE(filter.Has("cpu"));
    EXPECT_TRUE(filter.Has("group"));
    EXPECT_FALSE(filter.Has("memory"));
    EXPECT_FALSE(filter.HasAll());
  }
}

TEST(CollectorFilterTest, ExcludeIsAllButThose) {
  const CollectorFilter filter = Filter("exclude[]=limits&exclude[]=process");

  EXPECT_TRUE(filter.Has("cpu"));
  EXPECT_FALSE(filter.Has("limits"));
  EXPECT_FALSE(filter.Has("process"));
  EXPECT_FALSE(filter.HasAll());
}

TEST(CollectorFilterTest, WhatMakesNoSenseIsRefused) {
  constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
  EXPECT_THAT(CollectorFilter::Parse("collect[]=cpu&exclude[]=memory"),
              StatusIs(kInvalid, HasSubstr("not both")));
  EXPECT_THAT(CollectorFilter::Parse("collect[]=disk"),
              StatusIs(kInvalid, AllOf(HasSubstr("no collector \"disk\""),
                                       HasSubstr("task, cpu, "),
                                       HasSubstr(", agent, process"))));
  EXPECT_THAT(CollectorFilter::Parse("exclude[]="), StatusIs(kInvalid));
  EXPECT_THAT(CollectorFilter::Parse("collect[]"), StatusIs(kInvalid));
  EXPECT_THAT(CollectorFilter::Parse("collect[]=c%7"), StatusIs(kInvalid));
}

}  // namespace
}  // namespace reeve
