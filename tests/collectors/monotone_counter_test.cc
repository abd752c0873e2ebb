#include "collectors/monotone_counter.h"

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(MonotoneCounterTest, FollowsTheKernelFromItsFirstValue) {
  MonotoneCounter counter;

  EXPECT_EQ(counter.Update(5), 5u);
  EXPECT_EQ(counter.Update(5), 5u);
  EXPECT_EQ(counter.Update(9), 9u);
}

TEST(MonotoneCounterTest, DecreaseIsANewBaseline) {
  MonotoneCounter counter;
  counter.Update(100);

  EXPECT_EQ(counter.Update(30), 100u);
  EXPECT_EQ(counter.Update(35), 105u);
  EXPECT_EQ(counter.Update(0), 105u);
  EXPECT_EQ(counter.Update(1), 106u);
}

}  // namespace
}  // namespace reeve
