#include "enforcement/cgroup/cpu_weight.h"

#include <cstdint>

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(CpuWeightFromSharesTest, IsLinearWithTheDefaultsOnEachOther) {
  const struct {
    uint64_t shares;
    uint64_t weight;
  } rows[] = {{2, 1},      {10, 1},     {102, 9},      {256, 25},
              {512, 50},   {768, 75},   {1000, 97},    {1024, 100},
              {2048, 200}, {4096, 400}, {65536, 6400}, {262144, 10000}};
  for (const auto& row : rows) {
    EXPECT_EQ(CpuWeightFromShares(row.shares), row.weight) << row.shares;
  }
}

TEST(CpuSharesFromWeightTest, GivesSharesThatGiveTheWeight) {
  EXPECT_EQ(CpuSharesFromWeight(100), 1024u);
  EXPECT_EQ(CpuSharesFromWeight(25), 256u);
  for (uint64_t weight = 1; weight <= 10'000; ++weight) {
    const uint64_t back = CpuWeightFromShares(CpuSharesFromWeight(weight));
    // Rounded to the nearest, it may fall just below.
    EXPECT_TRUE(back == weight || back + 1 == weight) << weight;
  }
}

}  // namespace
}  // namespace reeve
