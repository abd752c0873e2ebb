#include "agent/cli/table.h"

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(TableTest, AlignsColumnsAndShowsADashForNothing) {
  Table table({{"ID"}, {"PID", Table::Align::kRight}, {"COMMAND"}});
  table.AddRow({"web-1", "7", "sleep"});
  table.AddRow({"db", "", "x"});

  EXPECT_EQ(table.Render(),
            "ID     PID  COMMAND\n"
            "web-1    7  sleep\n"
            "db       -  x\n");
}

TEST(TableTest, CutsLinesThatDoNotFit) {
  Table table({{"ID"}, {"COMMAND"}});
  table.AddRow({"web", "sleep 100"});

  EXPECT_EQ(table.Render(10),
            "ID   COMMA\n"
            "web  sleep\n");
}

TEST(TableTest, WithoutRowsShowsTheHeading) {
  EXPECT_EQ(Table({{"ID"}, {"COMMAND"}}).Render(), "ID  COMMAND\n");
}

}  // namespace
}  // namespace reeve
