#include "collectors/host/held_counter.h"

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(HeldCounterTest, IsTheKernelsWhileThatRises) {
  HeldCounter counter(10);

  EXPECT_EQ(counter.Update(100), 100u);
  EXPECT_EQ(counter.Update(100), 100u);
  EXPECT_EQ(counter.Update(130), 130u);
}

TEST(HeldCounterTest, IsHeldUntilTheKernelsHasCaughtUp) {
  HeldCounter counter(10);
  counter.Update(100);

  EXPECT_EQ(counter.Update(95), 100u);
  EXPECT_EQ(counter.Update(99), 100u);
  EXPECT_EQ(counter.Update(103), 103u);
}

TEST(HeldCounterTest, GoesOnFromWhatItFellTo) {
  HeldCounter counter(10);
  counter.Update(100);

  EXPECT_EQ(counter.Update(50), 100u);
  EXPECT_EQ(counter.Update(57), 107u);
}

}  // namespace
}  // namespace reeve
