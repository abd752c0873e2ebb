#include "collectors/cpu_ticks.h"

#include <cstdint>

#include "gtest/gtest.h"

namespace reeve {
namespace {

// What percent / 100 * floor(cores * floor(MHz)) / cores gives in doubles, to
// the last bit.
struct ConsumedVector {
  double percent;
  CpuCapacity capacity;
  double ticks;
};

constexpr ConsumedVector kConsumed[] = {
    {0, {4, 2600}, 0},
    // Fractions of a MHz do not count.
    {100.0, {4, 2599.998}, 2599},
    {50.0, {2, 2599.998}, 1299.5},
    {33.33333333333333, {3, 2494.14}, 0x1.9faaaaaaaaaa9p+9},
    {0.2, {96, 2100.0}, 4.2},
    // More than one core, on a large machine.
    {9999.5, {128, 3400.999}, 339983},
    {7.7, {6, 1800.5}, 138.6},
    {12.345, {7, 3300.25}, 0x1.97628f5c28f5dp+8},
};

TEST(TicksConsumedTest, GivesTheRecordedValuesToTheLastBit) {
  for (const ConsumedVector& v : kConsumed) {
    SCOPED_TRACE(v.percent);
    EXPECT_EQ(TicksConsumed(v.percent, v.capacity), v.ticks);
  }
}

TEST(TotalTicksTest, IsCpuTimeInMillionsOfCycles) {
  EXPECT_EQ(TotalTicks(0, {4, 2600.0}), 0);
  EXPECT_EQ(TotalTicks(1'000'000'000, {4, 2599.998}), 2599);
  EXPECT_EQ(TotalTicks(1, {2, 2599.998}), 2.599e-06);
  EXPECT_EQ(TotalTicks(123'456'789'012, {3, 2494.14}), 0x1.2caf4ed5be969p+18);
}

TEST(TotalTicksTest, IsTheIntegralOfTheRateHoweverOftenOneLooks) {
  constexpr CpuCapacity kCapacity = {2, 2500};
  // 30 % of a core for 60 s, in steps of 1 s and of 10 s.
  double by_seconds = 0;
  for (int i = 0; i < 60; ++i) by_seconds += TicksConsumed(30, kCapacity) * 1;
  double by_tens = 0;
  for (int i = 0; i < 6; ++i) by_tens += TicksConsumed(30, kCapacity) * 10;

  EXPECT_DOUBLE_EQ(TotalTicks(18'000'000'000, kCapacity), by_seconds);
  EXPECT_DOUBLE_EQ(TotalTicks(18'000'000'000, kCapacity), by_tens);
}

}  // namespace
}  // namespace reeve
