#include "agent/spec/launch_order.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

// Ids with what each comes after.
using Tasks = std::vector<std::pair<std::string, std::vector<std::string>>>;

LaunchOrder Order(const Tasks& tasks, const std::set<std::string>& known = {}) {
  std::vector<v1::TaskSpec> specs(tasks.size());
  std::vector<const v1::TaskSpec*> pointers;
  pointers.reserve(tasks.size());
  for (size_t i = 0; i < tasks.size(); ++i) {
    specs[i].set_id(tasks[i].first);
    for (const std::string& id : tasks[i].second) specs[i].add_after(id);
    pointers.push_back(&specs[i]);
  }
  return OrderLaunches(pointers, known);
}

TEST(OrderLaunchesTest, WithoutAfterTheOrderIsTheGivenOne) {
  EXPECT_THAT(Order({{"b", {}}, {"a", {}}}).order, ElementsAre(0, 1));
  EXPECT_THAT(Order({}).order, IsEmpty());
}

TEST(OrderLaunchesTest, EachComesAfterThoseThatItNames) {
  const LaunchOrder order =
      Order({{"a", {"c", "b"}}, {"b", {"c"}}, {"c", {}}, {"d", {"a"}}});

  EXPECT_THAT(order.order, ElementsAre(2, 1, 0, 3));
  EXPECT_THAT(order.errors, IsEmpty());
}

TEST(OrderLaunchesTest, WhoeverNamesAMissingTaskIsWrongAlone) {
  const LaunchOrder order = Order({{"a", {"nobody"}}, {"b", {"a"}}, {"c", {}}});

  EXPECT_THAT(order.order, ElementsAre(1, 2));
  EXPECT_THAT(order.errors,
              ElementsAre(Pair(
                  0, StatusIs(absl::StatusCode::kFailedPrecondition,
                              HasSubstr("after: there is no task nobody")))));
}

TEST(OrderLaunchesTest, KnownTasksMayBeNamed) {
  EXPECT_THAT(Order({{"a", {"old"}}}, {"old"}).order, ElementsAre(0));
}

TEST(OrderLaunchesTest, ACycleIsWrongAsAWholeAndNothingElse) {
  const LaunchOrder order = Order(
      {{"a", {"b"}}, {"b", {"c"}}, {"c", {"a"}}, {"d", {"a"}}, {"e", {}}});

  EXPECT_THAT(order.order, ElementsAre(3, 4));
  EXPECT_THAT(
      order.errors,
      ElementsAre(Pair(0, StatusIs(absl::StatusCode::kFailedPrecondition,
                                   HasSubstr("a after b after c after a"))),
                  Pair(1, StatusIs(absl::StatusCode::kFailedPrecondition,
                                   HasSubstr("b after c after a after b"))),
                  Pair(2, StatusIs(absl::StatusCode::kFailedPrecondition))));
}

TEST(OrderLaunchesTest, TwoWaysToATaskAreNoCycle) {
  EXPECT_THAT(
      Order({{"a", {"b", "c"}}, {"b", {"d"}}, {"c", {"d"}}, {"d", {}}}).order,
      ElementsAre(3, 1, 2, 0));
}

TEST(OrderLaunchesTest, ALongChainIsOrdered) {
  Tasks tasks;
  tasks.reserve(300);
  for (int i = 0; i < 299; ++i) {
    tasks.push_back({absl::StrCat("t", i), {absl::StrCat("t", i + 1)}});
  }
  tasks.push_back({"t299", {}});

  const LaunchOrder order = Order(tasks);

  ASSERT_EQ(order.order.size(), 300U);
  EXPECT_EQ(order.order.front(), 299U);
  EXPECT_EQ(order.order.back(), 0U);
}

}  // namespace
}  // namespace reeve
