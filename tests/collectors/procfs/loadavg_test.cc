#include "collectors/procfs/loadavg.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::Optional;

TEST(ParseLoadavgTest, ReadsThreeAveragesAndAllThreads) {
  const auto loadavg = ParseLoadavg("0.20 0.18 12.00 3/149 11206\n");

  ASSERT_THAT(loadavg, IsOk());
  EXPECT_THAT(loadavg->load, ElementsAre(0.2, 0.18, 12));
  EXPECT_THAT(loadavg->threads, Optional(149u));
}

TEST(ParseLoadavgTest, ThreadsMayNotBeTold) {
  for (const char* contents : {"0.20 0.18 12.00", "0.20 0.18 12.00 149\n",
                               "0.20 0.18 12.00 3/x 5\n"}) {
    const auto loadavg = ParseLoadavg(contents);

    ASSERT_THAT(loadavg, IsOk()) << contents;
    EXPECT_THAT(loadavg->threads, Eq(std::nullopt)) << contents;
  }
}

TEST(ParseLoadavgTest, RefusesWhatHasNoThreeAverages) {
  for (const char* contents :
       {"", "\n", "0.20 0.18", "a b c", "1 2 inf 1/2 3", "nan 2 3 1/2 3"}) {
    EXPECT_THAT(ParseLoadavg(contents), StatusIs(absl::StatusCode::kDataLoss))
        << contents;
  }
}

}  // namespace
}  // namespace reeve
