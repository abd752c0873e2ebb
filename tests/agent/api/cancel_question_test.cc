#include "agent/api/cancel_question.h"

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_clock.h"

namespace reeve {
namespace {

TEST(CancelQuestionTest, IsAskedOnceTheLastAnswerIsOld) {
  FakeClock clock;
  int asked = 0;
  CancelQuestion question(clock, [&asked] { return ++asked == 2; });

  EXPECT_FALSE(question.Ask());
  EXPECT_EQ(asked, 0);

  clock.Advance(absl::Milliseconds(5));
  EXPECT_FALSE(question.Ask());
  EXPECT_EQ(asked, 1);
  EXPECT_FALSE(question.Ask());
  EXPECT_EQ(asked, 1);

  clock.Advance(absl::Milliseconds(50));
  EXPECT_TRUE(question.Ask());
}

}  // namespace
}  // namespace reeve
