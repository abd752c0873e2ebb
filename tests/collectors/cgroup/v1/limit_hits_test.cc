#include "collectors/cgroup/v1/limit_hits.h"

#include <optional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::Optional;

TEST(LimitHitsTest, AreThoseOfBothLimits) {
  EXPECT_THAT(LimitHits({3, 4, false}), Optional(7u));
  EXPECT_THAT(LimitHits({0, 4, true}), Optional(4u));
}

TEST(LimitHitsTest, AreThoseOfMemoryWhereSwapIsNotCountedWithIt) {
  EXPECT_THAT(LimitHits({3, std::nullopt, false}), Optional(3u));
}

TEST(LimitHitsTest, AreAbsentNotZeroIfTheLimitThatIsMetFirstDoesNotCount) {
  EXPECT_EQ(LimitHits({0, std::nullopt, true}), std::nullopt);
}

TEST(LimitHitsTest, AreAbsentWhereTheKernelTellsNothing) {
  EXPECT_EQ(LimitHits({}), std::nullopt);
}

TEST(CountsMemoryAndSwapFailuresTest, GoesByTheRelease) {
  for (const char* release : {"3.10.0-1160.el7.x86_64", "5.10.0-32-amd64",
                              "6.1.0-28-amd64", "6.14", "6.14-rc3"}) {
    EXPECT_TRUE(CountsMemoryAndSwapFailures(release)) << release;
  }
  for (const char* release : {"6.15.0", "6.15-rc1", "6.18.44", "7.0"}) {
    EXPECT_FALSE(CountsMemoryAndSwapFailures(release)) << release;
  }
}

TEST(CountsMemoryAndSwapFailuresTest, TakesWhatItDoesNotUnderstandForNew) {
  for (const char* release : {"", "6", "six.one", "6.x"}) {
    EXPECT_FALSE(CountsMemoryAndSwapFailures(release)) << release;
  }
}

}  // namespace
}  // namespace reeve
