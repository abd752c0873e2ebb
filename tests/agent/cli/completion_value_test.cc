#include "agent/cli/completion_value.h"

#include <string>

#include "agent/cli/command_description.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Kind = CompletionValue::Kind;

CompletionValue OfFlag(const std::string& name, const std::string& value) {
  FlagDescription flag;
  flag.names = {name};
  flag.value = value;
  return ValueOf(flag);
}

TEST(CompletionValueTest, FilesAndDirectoriesAreToldByTheirNames) {
  EXPECT_EQ(OfFlag("--web.config.file", "FILE").kind, Kind::kFiles);
  EXPECT_EQ(OfFlag("--socket", "PATH").kind, Kind::kFiles);
  EXPECT_EQ(OfFlag("--cwd", "DIR").kind, Kind::kDirectories);
}

TEST(CompletionValueTest, WordsAreThoseToBeTypedAsTheyStand) {
  EXPECT_THAT(OfFlag("--oom-group", "yes|no").words, ElementsAre("yes", "no"));
  EXPECT_THAT(OfFlag("--memory", "SIZE|max").words, ElementsAre("max"));
  EXPECT_THAT(OfFlag("--web.compat", "cadvisor").words,
              ElementsAre("cadvisor"));
  EXPECT_THAT(OfFlag("--env", "K=V").words, IsEmpty());
  EXPECT_THAT(OfFlag("--hugetlb", "PAGESIZE=SIZE|max").words,
              ElementsAre("max"));
}

TEST(CompletionValueTest, AValueCanBeAFileOrAWord) {
  const CompletionValue value = OfFlag("--seccomp", "default|unconfined|FILE");

  EXPECT_EQ(value.kind, Kind::kFiles);
  EXPECT_THAT(value.words, ElementsAre("default", "unconfined"));
}

TEST(CompletionValueTest, AnArgumentIdIsATaskAndANewIdIsNot) {
  EXPECT_EQ(ValueOf(ArgumentDescription{"ID", "The task"}).kind, Kind::kTasks);
  EXPECT_EQ(OfFlag("--task", "ID").kind, Kind::kTasks);
  EXPECT_EQ(OfFlag("--id", "ID").kind, Kind::kNothing);
}

TEST(CompletionValueTest, GroupsSignalsAndShellsAreOffered) {
  EXPECT_EQ(OfFlag("--group", "GROUP").kind, Kind::kGroups);
  EXPECT_EQ(OfFlag("--allow-groups", "GROUP,...").kind, Kind::kNothing);
  EXPECT_THAT(ValueOf(ArgumentDescription{"SIGNAL", ""}).words,
              Contains("TERM"));
  EXPECT_THAT(ValueOf(ArgumentDescription{"SHELL", ""}).words,
              ElementsAre("bash", "zsh", "fish"));
}

}  // namespace
}  // namespace reeve
