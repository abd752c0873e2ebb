#include "enforcement/process/thread_stat.h"

#include <unistd.h>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

TEST(ThreadStatTest, ParsesWhatFollowsTheName) {
  const auto stat = ParseThreadStat(
      "4711 (a) R (b)) S 42 4711 4711 0 -1 4194304 90 0 0 0 1 2 3 4 20 0 1 0 "
      "987654321 8 9\n");
  ASSERT_THAT(stat, IsOk());
  EXPECT_EQ(stat->state, 'S');
  EXPECT_EQ(stat->parent, 42);
  EXPECT_EQ(stat->start_time_ticks, 987654321u);
}

TEST(ThreadStatTest, WhatIsNoStatIsRefused) {
  for (const char* text :
       {"", "1 (a)", "1 (a) S 2 3\n",
        "1 (a) S x 1 1 0 -1 4 90 0 0 0 1 2 3 4 20 0 1 0 9 8 9\n"}) {
    EXPECT_THAT(ParseThreadStat(text), StatusIs(absl::StatusCode::kDataLoss));
  }
}

TEST(ThreadStatTest, ReadsThatOfAThread) {
  const auto stat = ReadThreadStat(getpid(), gettid());
  ASSERT_THAT(stat, IsOk());
  EXPECT_EQ(stat->state, 'R');
  EXPECT_EQ(stat->parent, getppid());

  EXPECT_THAT(ReadThreadStat(getpid(), 1),
              StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace reeve
