#include "agent/cli/top/top_column.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/agent/cli/top/samples.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

TEST(TopColumnTest, EachIsFoundByItsName) {
  for (const TopColumn column : kTopColumns) {
    EXPECT_THAT(ColumnFromName(NameOf(column)), IsOkAndHolds(column));
  }
}

TEST(TopColumnTest, AnUnknownNameIsToldThoseThereAre) {
  EXPECT_THAT(
      ColumnFromName("ram"),
      StatusIs(absl::StatusCode::kInvalidArgument,
               HasSubstr("\"ram\": not a column: use id, group, state, cpu, "
                         "throttled, memory, limit, share, working-set, ")));
}

TEST(TopColumnTest, TheNextAfterTheLastIsTheFirst) {
  EXPECT_EQ(NextColumn(TopColumn::kCpu, 1), TopColumn::kThrottled);
  EXPECT_EQ(NextColumn(TopColumn::kCommand, 1), TopColumn::kId);
  EXPECT_EQ(NextColumn(TopColumn::kId, -1), TopColumn::kCommand);
}

TEST(TopColumnTest, CellsAreAsPeopleReadThem) {
  TopEntry task = RunningTask("web", "shop", 12.34, 64);
  task.throttled_percent = 95.6;
  task.memory_limit_bytes = 128 << 20;
  task.threads_limit = 32;

  EXPECT_EQ(CellText(TopColumn::kCpu, task), "12.3");
  EXPECT_EQ(CellText(TopColumn::kThrottled, task), "96");
  EXPECT_EQ(CellText(TopColumn::kMemory, task), "64M");
  EXPECT_EQ(CellText(TopColumn::kMemoryLimit, task), "128M");
  EXPECT_EQ(CellText(TopColumn::kMemoryShare, task), "50%");
  EXPECT_EQ(CellText(TopColumn::kThreads, task), "3/32");
  EXPECT_EQ(CellText(TopColumn::kUptime, task), "1m30s");
}

TEST(TopColumnTest, WhatIsNotThereIsEmpty) {
  for (const TopColumn column : kTopColumns) {
    EXPECT_EQ(CellText(column, TopEntry()), "") << HeadingOf(column);
  }
}

TEST(IsBeforeTest, NumbersFromTheLargestAndTextsFromTheFirst) {
  const TopEntry a = RunningTask("a", "x", 10, 1);
  const TopEntry b = RunningTask("b", "y", 20, 2);

  EXPECT_TRUE(IsBefore(TopColumn::kCpu, false, b, a));
  EXPECT_TRUE(IsBefore(TopColumn::kCpu, true, a, b));
  EXPECT_TRUE(IsBefore(TopColumn::kId, false, a, b));
  EXPECT_TRUE(IsBefore(TopColumn::kGroup, true, b, a));
}

TEST(IsBeforeTest, WhatHasNoValueIsLastEitherWay) {
  const TopEntry measured = RunningTask("z", "g", 0, 0);
  TopEntry without = RunningTask("a", "", 0, 0);
  without.cpu_percent.reset();

  for (const bool reversed : {false, true}) {
    EXPECT_TRUE(IsBefore(TopColumn::kCpu, reversed, measured, without));
    EXPECT_FALSE(IsBefore(TopColumn::kCpu, reversed, without, measured));
    EXPECT_TRUE(IsBefore(TopColumn::kGroup, reversed, measured, without));
  }
}

TEST(IsBeforeTest, EqualOnesStandById) {
  const TopEntry a = RunningTask("a", "g", 5, 1);
  const TopEntry b = RunningTask("b", "g", 5, 1);

  for (const TopColumn column : {TopColumn::kCpu, TopColumn::kGroup}) {
    for (const bool reversed : {false, true}) {
      EXPECT_TRUE(IsBefore(column, reversed, a, b));
      EXPECT_FALSE(IsBefore(column, reversed, b, a));
      EXPECT_FALSE(IsBefore(column, reversed, a, a));
    }
  }
}

}  // namespace
}  // namespace reeve
