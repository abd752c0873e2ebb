#include "collectors/procfs/schedstat.h"

#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

TEST(ParseSchedstatTest, ReadsHowLongItRanAndWaited) {
  const auto stat = ParseSchedstat("1195201366 3401225 97\n");

  ASSERT_THAT(stat, IsOk());
  EXPECT_EQ(stat->run_ns, 1195201366u);
  EXPECT_EQ(stat->wait_ns, 3401225u);
}

TEST(ParseSchedstatTest, RefusesWhatHasNoTwoNumbers) {
  for (const char* contents : {"", "5\n", "5 x 6\n", "-5 6 7\n"}) {
    EXPECT_THAT(ParseSchedstat(contents), StatusIs(absl::StatusCode::kDataLoss))
        << contents;
  }
}

}  // namespace
}  // namespace reeve
