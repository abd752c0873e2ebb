#include "collectors/cgroup/memory_events.h"

#include <optional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::Optional;

TEST(ParseMemoryEventsTest, TakesAllOfMemoryEventsOfV2) {
  const auto events = ParseMemoryEvents(
      "low 4\nhigh 3\nmax 9\noom 2\noom_kill 1\noom_group_kill 5\n");

  ASSERT_THAT(events, IsOk());
  EXPECT_THAT(events->low, Optional(4u));
  EXPECT_THAT(events->high, Optional(3u));
  EXPECT_THAT(events->max, Optional(9u));
  EXPECT_THAT(events->oom, Optional(2u));
  EXPECT_THAT(events->oom_kill, Optional(1u));
}

TEST(ParseMemoryEventsTest, OomControlOfV1TellsOfKillsAlone) {
  const auto events =
      ParseMemoryEvents("oom_kill_disable 1\nunder_oom 0\noom_kill 3\n");

  ASSERT_THAT(events, IsOk());
  EXPECT_THAT(events->oom_kill, Optional(3u));
  EXPECT_EQ(events->low, std::nullopt);
  EXPECT_EQ(events->high, std::nullopt);
  EXPECT_EQ(events->max, std::nullopt);
  EXPECT_EQ(events->oom, std::nullopt);
}

TEST(ParseMemoryEventsTest, KillsAreAbsentNotZeroOnOldKernels) {
  for (const char* contents : {"oom_kill_disable 0\nunder_oom 0\n", ""}) {
    SCOPED_TRACE(contents);
    const auto events = ParseMemoryEvents(contents);
    ASSERT_THAT(events, IsOk());
    EXPECT_EQ(events->oom_kill, std::nullopt);
  }
}

TEST(ParseMemoryEventsTest, RefusesWhatIsNoNumber) {
  for (const char* contents :
       {"oom_kill \n", "oom_kill x\n", "oom_kill -1\n", "max much\n"}) {
    SCOPED_TRACE(contents);
    EXPECT_THAT(ParseMemoryEvents(contents),
                StatusIs(absl::StatusCode::kDataLoss));
  }
}

}  // namespace
}  // namespace reeve
