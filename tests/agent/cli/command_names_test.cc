#include "agent/cli/command_names.h"

#include <string>
#include <vector>

#include "agent/cli/command_description.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

CommandDescription Command(const std::string& name, const std::string& title,
                           const std::string& summary) {
  CommandDescription command;
  command.name = name;
  command.title = title;
  command.summary = summary;
  return command;
}

std::vector<CommandDescription> Commands() {
  return {Command("run", "Run a program", "Runs a program."),
          Command("group set", "", "Changes limits. All, or none."),
          Command("group ls", "", "Lists groups.")};
}

TEST(CommandNamesTest, EachFirstWordIsThereOnce) {
  const std::vector<CommandWord> words = FirstWords(Commands());

  EXPECT_THAT(words, ElementsAre(Field(&CommandWord::word, "run"),
                                 Field(&CommandWord::word, "group")));
  EXPECT_EQ(words[0].title, "Run a program");
  EXPECT_EQ(words[1].title, "Commands: set, ls");
}

TEST(CommandNamesTest, SecondWordsAreThoseOfTheFirst) {
  EXPECT_THAT(SecondWords(Commands(), "group"),
              ElementsAre(Field(&CommandWord::word, "set"),
                          Field(&CommandWord::word, "ls")));
  EXPECT_THAT(SecondWords(Commands(), "run"), IsEmpty());
}

TEST(CommandNamesTest, ATitleIsTheFirstSentenceWhereThereIsNone) {
  EXPECT_EQ(TitleOf(Commands()[0]), "Run a program");
  EXPECT_EQ(TitleOf(Commands()[1]), "Changes limits");
  EXPECT_EQ(TitleOf(Commands()[2]), "Lists groups");
}

}  // namespace
}  // namespace reeve
