#include "agent/cli/manual_pages.h"

#include <string>
#include <vector>

#include "agent/cli/command_description.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

CommandDescription GroupSet() {
  CommandDescription command;
  command.name = "group set";
  command.summary = "Changes limits. All, or none.";
  command.example = "reeve group set shop --memory 2G\n  .hidden";
  command.arguments = {{"GROUP", "The group"}};
  FlagDescription memory;
  memory.names = {"-m", "--memory"};
  memory.value = "SIZE|max";
  memory.help = "'Limit', without \\";
  memory.heading = "Limits";
  FlagDescription io;
  io.names = {"--collector.io"};
  io.negation = "--no-collector.io";
  io.help = "I/O";
  io.heading = "Limits";
  io.is_list = true;
  command.flags = {memory, io};
  return command;
}

TEST(ManualPagesTest, ThereIsOneForAllAndOneForEachCommand) {
  const std::vector<ManualPage> pages = ManualPages({GroupSet()}, "1.2.3");

  ASSERT_EQ(pages.size(), 2);
  EXPECT_EQ(pages[0].name, "reeve.1");
  EXPECT_THAT(pages[0].text, StartsWith(".TH REEVE 1 \"\" \"reeve 1.2.3\""));
  EXPECT_THAT(pages[0].text, HasSubstr(".TP\n.BR reeve\\-group\\-set (1)\n"
                                       "Changes limits\n"));
  EXPECT_EQ(pages[1].name, "reeve-group-set.1");
}

TEST(ManualPagesTest, APageHasSynopsisFlagsAndExample) {
  const std::string text = ManualPages({GroupSet()}, "1.2.3")[1].text;

  EXPECT_THAT(text, HasSubstr(".SH NAME\nreeve\\-group\\-set \\- Changes"));
  EXPECT_THAT(text, HasSubstr("\\fBreeve group set\\fR [\\fIFLAGS\\fR] "
                              "\\fIGROUP\\fR\n"));
  EXPECT_THAT(text, HasSubstr(".SH \"LIMITS\"\n.TP\n\\fB\\-m\\fR, "
                              "\\fB\\-\\-memory\\fR \\fISIZE|max\\fR\n"));
  EXPECT_THAT(text, HasSubstr("\\fB\\-\\-collector.io\\fR, "
                              "\\fB\\-\\-no\\-collector.io\\fR\n"
                              "I/O (may be repeated)\n"));
  EXPECT_THAT(text, HasSubstr("reeve group set shop \\-\\-memory 2G\n"));
}

TEST(ManualPagesTest, TextIsNeverARequestToTroff) {
  const std::string text = ManualPages({GroupSet()}, "1.2.3")[1].text;

  EXPECT_THAT(text, HasSubstr("\n\\&'Limit', without \\e\n"));
  EXPECT_THAT(text, HasSubstr("\n\\&.hidden\n"));
  EXPECT_THAT(text, Not(HasSubstr("\n.hidden")));
}

}  // namespace
}  // namespace reeve
