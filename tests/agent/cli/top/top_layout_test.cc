#include "agent/cli/top/top_layout.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/agent/cli/top/samples.h"

namespace reeve {
namespace {

std::string Names(const std::vector<ColumnWidth>& columns) {
  return absl::StrJoin(columns, " ",
                       [](std::string* text, const ColumnWidth& column) {
                         absl::StrAppend(text, NameOf(column.column));
                       });
}

size_t WidthOf(const std::vector<ColumnWidth>& columns) {
  size_t width = 0;
  for (const ColumnWidth& column : columns) {
    width += column.width + (width > 0 ? kColumnGap : 0);
  }
  return width;
}

size_t WidthOf(const std::vector<ColumnWidth>& columns, TopColumn wanted) {
  for (const ColumnWidth& column : columns) {
    if (column.column == wanted) return column.width;
  }
  return 0;
}

class LayOutTest : public ::testing::Test {
 protected:
  std::vector<ColumnWidth> LayOutIn(size_t width, bool tree = false) {
    return LayOut(RowsOf(sample_, TopOrder()), tree, width);
  }

  TopSample sample_ = SomeTasks();
};

TEST_F(LayOutTest, TheLessRoomTheFewerColumns) {
  EXPECT_EQ(Names(LayOutIn(60)), "id state cpu throttled memory share");
  EXPECT_EQ(Names(LayOutIn(80)),
            "id state cpu throttled memory limit share uptime");
  EXPECT_EQ(
      Names(LayOutIn(120)),
      "id group state cpu throttled memory limit share threads oom uptime "
      "command");
  EXPECT_EQ(Names(LayOutIn(200)),
            "id group state cpu throttled memory limit share working-set "
            "threads oom uptime command");
}

TEST_F(LayOutTest, EveryWidthIsKept) {
  for (size_t width = 0; width < 300; ++width) {
    EXPECT_LE(WidthOf(LayOutIn(width)), width);
  }
}

TEST_F(LayOutTest, MoreRoomNeverTakesAColumnAway) {
  size_t columns = 0;
  for (size_t width = 0; width < 300; ++width) {
    EXPECT_GE(LayOutIn(width).size(), columns) << width;
    columns = LayOutIn(width).size();
  }
  EXPECT_EQ(columns, kTopColumns.size());
}

TEST_F(LayOutTest, LongIdsGetTheRoomThatIsLeft) {
  sample_.tasks[0].id = "payments-api-7f9c6d5b8-x2k4q";

  EXPECT_EQ(WidthOf(LayOutIn(60), TopColumn::kId), 14);
  EXPECT_EQ(WidthOf(LayOutIn(80), TopColumn::kId), 18);
  EXPECT_EQ(WidthOf(LayOutIn(200), TopColumn::kId), 28);
}

TEST_F(LayOutTest, BarGrowsButNotAtTheExpenseOfTheCommand) {
  EXPECT_EQ(WidthOf(LayOutIn(80), TopColumn::kMemoryShare), 14);
  EXPECT_EQ(WidthOf(LayOutIn(120), TopColumn::kMemoryShare), 8);
  EXPECT_EQ(WidthOf(LayOutIn(200), TopColumn::kMemoryShare), 16);
}

TEST_F(LayOutTest, TreeNeedsNoGroupColumn) {
  EXPECT_THAT(Names(LayOutIn(200, true)),
              ::testing::Not(::testing::HasSubstr("group")));
}

}  // namespace
}  // namespace reeve
