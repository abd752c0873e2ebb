#include "collectors/window_maximum.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::Optional;

TEST(WindowMaximumTest, IsAbsentAtFirst) {
  WindowMaximum<int> maximum(absl::Seconds(60));

  EXPECT_EQ(maximum.At(absl::Seconds(1)), std::nullopt);
}

TEST(WindowMaximumTest, PeakStaysForTheWindow) {
  WindowMaximum<int> maximum(absl::Seconds(60));
  maximum.Add(absl::Seconds(1), 3);
  maximum.Add(absl::Seconds(2), 9);
  maximum.Add(absl::Seconds(3), 4);

  EXPECT_THAT(maximum.At(absl::Seconds(62)), Optional(9));
  EXPECT_THAT(maximum.At(absl::Seconds(63)), Optional(4));
  EXPECT_EQ(maximum.At(absl::Seconds(64)), std::nullopt);
}

TEST(WindowMaximumTest, IsThatOfTheLatestValues) {
  std::mt19937 random(7);  // NOLINT(cert-msc32-c,cert-msc51-cpp): repeatable.
  std::vector<uint64_t> values;
  WindowMaximum<uint64_t> maximum(absl::Seconds(9));
  for (int second = 0; second < 2000; ++second) {
    values.push_back(random() % 50);
    maximum.Add(absl::Seconds(second), values.back());
    const auto first = values.end() - std::min<long>(10, second + 1);
    ASSERT_THAT(maximum.At(absl::Seconds(second)),
                Optional(*std::max_element(first, values.end())));
  }
}

}  // namespace
}  // namespace reeve
