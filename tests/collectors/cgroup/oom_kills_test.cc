#include "collectors/cgroup/oom_kills.h"

#include <optional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::Optional;

TEST(ParseOomKillsTest, CountsInOomControlOfV1) {
  EXPECT_THAT(ParseOomKills("oom_kill_disable 1\nunder_oom 0\noom_kill 3\n"),
              IsOkAndHolds(Optional(3u)));
}

TEST(ParseOomKillsTest, CountsInMemoryEventsOfV2) {
  EXPECT_THAT(ParseOomKills("low 0\nhigh 0\nmax 9\noom 2\noom_kill 1\n"
                            "oom_group_kill 5\n"),
              IsOkAndHolds(Optional(1u)));
}

TEST(ParseOomKillsTest, IsAbsentNotZeroOnOldKernels) {
  EXPECT_THAT(ParseOomKills("oom_kill_disable 0\nunder_oom 0\n"),
              IsOkAndHolds(std::nullopt));
  EXPECT_THAT(ParseOomKills(""), IsOkAndHolds(std::nullopt));
}

TEST(ParseOomKillsTest, RefusesWhatIsNoNumber) {
  for (const char* contents :
       {"oom_kill \n", "oom_kill x\n", "oom_kill -1\n"}) {
    SCOPED_TRACE(contents);
    EXPECT_THAT(ParseOomKills(contents), StatusIs(absl::StatusCode::kDataLoss));
  }
}

}  // namespace
}  // namespace reeve
