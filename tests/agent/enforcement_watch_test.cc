#include "agent/enforcement_watch.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kNoSwap[] =
    "reeve_enforcement_degraded{controller=\"memory\","
    "reason=\"no_swap_accounting\"} 1\n";

class EnforcementWatchTest : public ::testing::Test {
 protected:
  std::string Page() const {
    std::string page;
    metrics_.AppendText(nullptr, &page);
    return page;
  }

  FakeTree tree_;
  FakeClock clock_;
  const CgroupMounts mounts_{
      {{CgroupVersion::kV1,
        tree_.Path(""),
        {"cpu", "memory", "pids", "cpuset", "blkio", "hugetlb", "freezer"}}}};
  AgentMetrics metrics_{{}, clock_};
  EnforcementWatch watch_{clock_, mounts_, "/reeve", metrics_};
};

TEST_F(EnforcementWatchTest, ShowsNothingWhereAllIsWell) {
  tree_.Write("memory.memsw.limit_in_bytes", "0\n");

  watch_.Start();

  EXPECT_THAT(Page(), Not(HasSubstr("reeve_enforcement_degraded")));
}

TEST_F(EnforcementWatchTest, ShowsWhatFallsShortFromTheStart) {
  watch_.Start();

  EXPECT_THAT(Page(), HasSubstr(kNoSwap));
}

TEST_F(EnforcementWatchTest, ALaunchThatFailsHasItLookedAtAgain) {
  tree_.Write("memory.memsw.limit_in_bytes", "0\n");
  watch_.Start();
  tree_.Remove("memory.memsw.limit_in_bytes");
  clock_.Advance(absl::Seconds(2));

  watch_.OnAttempt(/*ok=*/true);
  EXPECT_THAT(Page(), Not(HasSubstr("reeve_enforcement_degraded")));
  watch_.OnAttempt(/*ok=*/false);
  EXPECT_THAT(Page(), HasSubstr(kNoSwap));
}

TEST_F(EnforcementWatchTest, WhatIsWellAgainIsShownNoLonger) {
  watch_.Start();
  tree_.Write("memory.memsw.limit_in_bytes", "0\n");

  watch_.OnAttempt(/*ok=*/true);
  EXPECT_THAT(Page(), HasSubstr(kNoSwap)) << "at most once a second";
  clock_.Advance(absl::Seconds(2));
  watch_.OnAttempt(/*ok=*/true);

  EXPECT_THAT(Page(), Not(HasSubstr("reeve_enforcement_degraded")));
}

TEST_F(EnforcementWatchTest, NothingIsLookedAtBeforeTheStart) {
  clock_.Advance(absl::Seconds(2));

  watch_.OnAttempt(/*ok=*/false);

  EXPECT_THAT(Page(), Not(HasSubstr("reeve_enforcement_degraded")));
}

}  // namespace
}  // namespace reeve
