#include "agent/cli/top/top_rows.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/agent/cli/top/samples.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(RowsOfTest, ThoseThatUseMostCpuAreFirst) {
  const TopSample sample = SomeTasks();

  EXPECT_THAT(Keys(RowsOf(sample, TopOrder())),
              ElementsAre("db", "burner", "web-frontend", "held", "job"));
}

TEST(RowsOfTest, ReversedTheOthersAreFirstButForThoseWithoutAValue) {
  const TopSample sample = SomeTasks();
  TopOrder order;
  order.reversed = true;

  EXPECT_THAT(Keys(RowsOf(sample, order)),
              ElementsAre("held", "web-frontend", "burner", "db", "job"));
}

TEST(RowsOfTest, TheThrottledOneIsFirstIfThatIsWanted) {
  const TopSample sample = SomeTasks();
  TopOrder order;
  order.sort = TopColumn::kThrottled;

  EXPECT_EQ(Keys(RowsOf(sample, order)).front(), "burner");
}

TEST(RowsOfTest, FilterLooksAtIdAndGroupInEitherCase) {
  const TopSample sample = SomeTasks();
  TopOrder order;
  order.filter = "SHOP";
  EXPECT_THAT(Keys(RowsOf(sample, order)),
              ElementsAre("burner", "web-frontend"));
  order.filter = "o";
  EXPECT_THAT(Keys(RowsOf(sample, order)),
              ElementsAre("burner", "web-frontend", "job"));
  order.filter = "nothing";
  EXPECT_THAT(RowsOf(sample, order), IsEmpty());
}

TEST(RowsOfTest, AGroupIsMeantWhole) {
  TopSample sample = SomeTasks();
  sample.tasks.push_back(RunningTask("other", "workshop", 1, 1));
  TopOrder order;
  order.group = "shop";

  EXPECT_THAT(Keys(RowsOf(sample, order)),
              ElementsAre("burner", "web-frontend"));
}

TEST(RowsOfTest, TreeHasTasksBelowTheirGroupsAndTheRestBehind) {
  const TopSample sample = SomeTasks();
  TopOrder order;
  order.tree = true;

  EXPECT_THAT(Keys(RowsOf(sample, order)),
              ElementsAre("@data", "  db", "@shop", "  burner",
                          "  web-frontend", "held", "job"));
}

TEST(RowsOfTest, TreeShowsNoGroupOfWhichTheFilterTakesAll) {
  const TopSample sample = SomeTasks();
  TopOrder order;
  order.tree = true;
  order.filter = "burn";

  EXPECT_THAT(Keys(RowsOf(sample, order)), ElementsAre("@shop", "  burner"));
}

TEST(RowsOfTest, TaskOfAnUnknownGroupIsThere) {
  TopSample sample;
  sample.tasks = {RunningTask("late", "gone", 1, 1)};
  TopOrder order;
  order.tree = true;

  EXPECT_THAT(Keys(RowsOf(sample, order)), ElementsAre("late"));
}

}  // namespace
}  // namespace reeve
