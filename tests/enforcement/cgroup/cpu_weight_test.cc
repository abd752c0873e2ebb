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
    EXPECT_EQ(CpuWeightFromShares(CpuSharesFromWeight(weight)), weight);
  }
}

TEST(CpuWeightMappingTest, EachFormulaHasItsTable) {
  const struct {
    uint64_t shares;
    uint64_t classic;
    uint64_t quadratic;
  } rows[] = {{2, 1, 1},
              {10, 1, 4},
              {102, 4, 17},
              {256, 10, 35},
              {512, 20, 59},
              {1000, 39, 99},
              {1024, 39, 100},
              {2000, 77, 170},
              {2048, 79, 174},
              {4096, 157, 303},
              {10240, 391, 639},
              {65536, 2500, 3023},
              {262144, 10000, 10000}};
  for (const auto& row : rows) {
    EXPECT_EQ(CpuWeightFromShares(row.shares, CpuWeightMapping::kClassic),
              row.classic)
        << row.shares;
    EXPECT_EQ(CpuWeightFromShares(row.shares, CpuWeightMapping::kQuadratic),
              row.quadratic)
        << row.shares;
  }
}

TEST(CpuWeightMappingTest, EveryClassicWeightComesBackTheSame) {
  constexpr CpuWeightMapping kClassic = CpuWeightMapping::kClassic;
  for (uint64_t weight = 1; weight <= 10'000; ++weight) {
    EXPECT_EQ(
        CpuWeightFromShares(CpuSharesFromWeight(weight, kClassic), kClassic),
        weight);
  }
}

TEST(CpuWeightMappingTest, EveryQuadraticWeightComesBackTheSameOrNearly) {
  constexpr CpuWeightMapping kQuadratic = CpuWeightMapping::kQuadratic;
  for (uint64_t weight = 1; weight <= 10'000; ++weight) {
    const uint64_t back = CpuWeightFromShares(
        CpuSharesFromWeight(weight, kQuadratic), kQuadratic);
    EXPECT_TRUE(back == weight || back + 1 == weight || back == weight + 1)
        << weight << " came back as " << back;
  }
}

}  // namespace
}  // namespace reeve
