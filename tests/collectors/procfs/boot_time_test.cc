#include "collectors/procfs/boot_time.h"

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

TEST(ReadBootTimeTest, TakesItFromStat) {
  FakeTree proc;
  proc.Write("stat",
             "cpu  1 2 3 4 5 6 7 8 9 10\nintr 5 1 2 3\nctxt 9\n"
             "btime 1700000000\nprocesses 7\n");

  EXPECT_THAT(ReadBootTime(proc.Path("")),
              IsOkAndHolds(absl::FromUnixSeconds(1'700'000'000)));
}

TEST(ReadBootTimeTest, MissingFileIsNotFound) {
  EXPECT_THAT(ReadBootTime("/nowhere"), StatusIs(absl::StatusCode::kNotFound));
}

TEST(ParseBootTimeTest, RefusesMalformedContents) {
  for (const char* contents :
       {"", "cpu 1 2\n", "btime\n", "btime x\n", "btime -5\n"}) {
    SCOPED_TRACE(contents);
    EXPECT_THAT(ParseBootTime(contents), StatusIs(absl::StatusCode::kDataLoss));
  }
}

}  // namespace
}  // namespace reeve
