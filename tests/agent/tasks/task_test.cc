#include "agent/tasks/task.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

TEST(TaskTest, ATaskThatIsStillStartingIsNotPaused) {
  TaskSpec spec;
  spec.id = "web";
  Task task(spec, /*auto_remove=*/false);

  EXPECT_THAT(task.Pause(absl::Seconds(1)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("task web is still starting")));
  EXPECT_THAT(task.Resume(), StatusIs(absl::StatusCode::kFailedPrecondition,
                                      HasSubstr("still starting")));
}

TEST(TaskTest, EachOomKillIsToldOnce) {
  Task task(TaskSpec(), /*auto_remove=*/false);

  EXPECT_EQ(task.TellOomKills(0), 0u);
  EXPECT_EQ(task.TellOomKills(2), 2u);
  EXPECT_EQ(task.TellOomKills(2), 0u);
  // From a sample that was taken before.
  EXPECT_EQ(task.TellOomKills(1), 0u);
  EXPECT_EQ(task.TellOomKills(3), 1u);
}

}  // namespace
}  // namespace reeve
