#include "collectors/latest.h"

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(LatestTest, IsWhatWasPublishedLast) {
  Latest<int> latest;
  EXPECT_EQ(latest.Get(), nullptr);

  latest.Publish(std::make_shared<const int>(1));
  const auto first = latest.Get();
  latest.Publish(std::make_shared<const int>(2));

  EXPECT_EQ(*first, 1) << "whoever has one keeps it";
  EXPECT_EQ(*latest.Get(), 2);
}

}  // namespace
}  // namespace reeve
