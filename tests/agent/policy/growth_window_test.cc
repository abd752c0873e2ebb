#include "agent/policy/growth_window.h"

#include <optional>

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(GrowthWindowTest, TellsByHowMuchACounterGrewWithinTheTime) {
  GrowthWindow window(absl::Seconds(2));

  EXPECT_FALSE(window.Observe(10, absl::Seconds(1)).has_value());
  EXPECT_FALSE(window.Observe(15, absl::Seconds(2)).has_value());
  const std::optional<GrowthWindow::Finding> finding =
      window.Observe(15, absl::Seconds(4));
  ASSERT_TRUE(finding.has_value());
  EXPECT_EQ(finding->growth, 5u);
  EXPECT_EQ(finding->began, absl::Seconds(1));
  EXPECT_EQ(finding->duration, absl::Seconds(3));
  EXPECT_EQ(window.Observe(15, absl::Seconds(6))->growth, 0u);
}

TEST(GrowthWindowTest, ACounterThatWentBackBeginsAnew) {
  GrowthWindow window(absl::Seconds(1));

  EXPECT_FALSE(window.Observe(10, absl::Seconds(1)).has_value());
  EXPECT_FALSE(window.Observe(3, absl::Seconds(3)).has_value());
  EXPECT_EQ(window.Observe(4, absl::Seconds(4))->growth, 1u);
}

TEST(GrowthWindowTest, WithoutALengthEachReadingIsAWindow) {
  GrowthWindow window(absl::ZeroDuration());

  EXPECT_FALSE(window.Observe(1, absl::Seconds(1)).has_value());
  EXPECT_EQ(window.Observe(3, absl::Seconds(2))->growth, 2u);
  EXPECT_FALSE(window.Observe(4, absl::Seconds(2)).has_value());
}

}  // namespace
}  // namespace reeve
