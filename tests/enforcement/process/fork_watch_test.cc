#include "enforcement/process/fork_watch.h"

#include "gtest/gtest.h"
#include "tests/testing/fake_clock.h"

namespace reeve {
namespace {

class ForkWatchTest : public ::testing::Test {
 protected:
  FakeClock clock_;
  ForkWatch watch_{clock_};
};

TEST_F(ForkWatchTest, ThreadsThatSleepAreInNoFork) {
  watch_.Begin();
  EXPECT_TRUE(watch_.HasSettled({{1, 'S', {}}, {2, 'T', {}}, {3, 'Z', {}}}));
}

TEST_F(ForkWatchTest, OneThatRunsIsWaitedForUntilItSleepsOrIsGone) {
  watch_.Begin();
  EXPECT_FALSE(watch_.HasSettled({{1, 'R', {}}, {2, 'D', {}}}));
  EXPECT_FALSE(watch_.HasSettled({{1, 'S', {}}, {2, 'D', {}}}));
  EXPECT_FALSE(watch_.HasSettled({{1, 'R', {}}, {2, 'D', {}}}));
  EXPECT_TRUE(watch_.HasSettled({{1, 'R', {}}}));
}

TEST_F(ForkWatchTest, OneThatRunsOnIsOutOfTheForkAfterAWhile) {
  const absl::Duration before = absl::Seconds(7);
  watch_.Begin();
  EXPECT_FALSE(watch_.HasSettled({{1, 'R', before}}));
  const absl::Duration after = before + ForkWatch::kForkRunTime;
  EXPECT_FALSE(watch_.HasSettled({{1, 'R', after - absl::Nanoseconds(1)}}));
  EXPECT_TRUE(watch_.HasSettled({{1, 'R', after}}));
}

TEST_F(ForkWatchTest, ThreadsThatAreNewAreNotWaitedFor) {
  watch_.Begin();
  EXPECT_FALSE(watch_.HasSettled({{1, 'R', {}}}));
  EXPECT_TRUE(watch_.HasSettled({{1, 'S', {}}, {2, 'R', {}}}));
}

TEST_F(ForkWatchTest, BeginLooksAfresh) {
  watch_.Begin();
  EXPECT_TRUE(watch_.HasSettled({{1, 'S', {}}}));
  watch_.Begin();
  EXPECT_FALSE(watch_.HasSettled({{1, 'R', {}}}));
}

TEST_F(ForkWatchTest, PatienceEnds) {
  watch_.Begin();
  EXPECT_FALSE(watch_.HasSettled({{1, 'D', {}}}));
  clock_.Advance(ForkWatch::kPatience);
  EXPECT_TRUE(watch_.HasSettled({{1, 'D', {}}}));
}

}  // namespace
}  // namespace reeve
