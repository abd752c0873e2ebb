#include "collectors/processes/process_selection.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SelectProcessesTest, TakesAllIfThereIsNoTop) {
  const ProcessSelection selection =
      SelectProcesses({{1, 1}, {0, 0}, {9, 9}}, 0, 100);

  EXPECT_THAT(selection.chosen, ElementsAre(0, 1, 2));
  EXPECT_EQ(selection.below_top, 0u);
  EXPECT_EQ(selection.beyond_most, 0u);
}

TEST(SelectProcessesTest, TopHasTheBusyAndTheLarge) {
  const ProcessSelection selection =
      SelectProcesses({{5, 10}, {1, 900}, {9, 20}, {0, 800}, {2, 2}}, 2, 100);

  EXPECT_THAT(selection.chosen, ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(selection.below_top, 1u);
}

TEST(SelectProcessesTest, ProcessThatIsBothIsThereOnce) {
  const ProcessSelection selection =
      SelectProcesses({{1, 1}, {9, 9}, {2, 2}}, 1, 100);

  EXPECT_THAT(selection.chosen, ElementsAre(1));
  EXPECT_EQ(selection.below_top, 2u);
}

TEST(SelectProcessesTest, OfTheIdleThoseWithMostMemoryAreTheTop) {
  const ProcessSelection selection =
      SelectProcesses({{0, 1}, {0, 3}, {0, 3}, {0, 2}}, 1, 100);

  EXPECT_THAT(selection.chosen, ElementsAre(1));
}

TEST(SelectProcessesTest, NoMoreThanAllowed) {
  const ProcessSelection selection =
      SelectProcesses({{0, 5}, {0, 7}, {3, 1}, {0, 6}}, 0, 2);

  EXPECT_THAT(selection.chosen, ElementsAre(1, 2));
  EXPECT_EQ(selection.below_top, 0u);
  EXPECT_EQ(selection.beyond_most, 2u);
}

TEST(SelectProcessesTest, TopAndMaximumAreCountedApart) {
  const ProcessSelection selection =
      SelectProcesses({{0, 5}, {0, 7}, {3, 1}, {2, 6}}, 2, 1);

  EXPECT_THAT(selection.chosen, ElementsAre(2));
  EXPECT_EQ(selection.below_top, 1u);
  EXPECT_EQ(selection.beyond_most, 2u);
}

TEST(SelectProcessesTest, NoneOfNone) {
  EXPECT_THAT(SelectProcesses({}, 0, 1).chosen, IsEmpty());
  EXPECT_THAT(SelectProcesses({}, 5, 1).chosen, IsEmpty());
}

}  // namespace
}  // namespace reeve
