#include "collectors/cgroup/pids_events.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

TEST(ParseForkFailuresTest, CountsRefusedForks) {
  EXPECT_THAT(ParseForkFailures("max 3\n"), IsOkAndHolds(3u));
}

TEST(ParseForkFailuresTest, RefusesMalformedContents) {
  for (const char* contents : {"", "max\n", "max max\n", "max -1\n", "3\n"}) {
    SCOPED_TRACE(contents);
    EXPECT_THAT(ParseForkFailures(contents),
                StatusIs(absl::StatusCode::kDataLoss));
  }
}

}  // namespace
}  // namespace reeve
