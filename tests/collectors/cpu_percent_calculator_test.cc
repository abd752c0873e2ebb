#include "collectors/cpu_percent_calculator.h"

#include <cstdint>
#include <optional>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::DoubleEq;
using ::testing::Eq;
using ::testing::Optional;

constexpr uint64_t kInode = 42;

CpuReading At(absl::Duration taken_at, uint64_t cpu_ns) {
  return {kInode, cpu_ns, taken_at};
}

// Two readings and what the arithmetic delta / elapsed * 100 gives for them in
// doubles, to the last bit.
struct Vector {
  uint64_t from_ns;
  uint64_t to_ns;
  int64_t elapsed_ns;
  double percent;
};

constexpr Vector kVectors[] = {
    // One busy core, half of one, four.
    {1'000'000'000, 2'000'000'000, 1'000'000'000, 100.0},
    {1'000'000'000, 1'500'000'000, 1'000'000'000, 50.0},
    {1'000'000'000, 5'000'000'000, 1'000'000'000, 400.0},
    // An idle one: a reading, and not the lack of one.
    {1'000'000'000, 1'000'000'000, 1'000'000'000, 0.0},
    // One clock tick in five seconds, one in a second.
    {10'000'000, 20'000'000, 5'000'000'000, 0.2},
    {10'000'000, 20'000'000, 1'000'000'000, 1.0},
    // Results that are not exact in binary: a third, and 1 ns in a second.
    {3, 100'000'003, 300'000'000, 0x1.0aaaaaaaaaaaap+5},
    {3, 4, 1'000'000'000, 0x1.ad7f29abcaf49p-24},
    // Rounds that come late or early.
    {123'456'789, 987'654'321, 1'000'456'789, 0x1.59856c37ca36cp+6},
    {200'000'000'000, 200'199'999'999, 999'999'937, 0x1.4000013762991p+4},
};

TEST(CpuPercentCalculatorTest, GivesTheRecordedValuesToTheLastBit) {
  for (const Vector& v : kVectors) {
    SCOPED_TRACE(v.to_ns);
    CpuPercentCalculator calculator;
    calculator.Update(At(absl::Seconds(7), v.from_ns));
    EXPECT_EQ(calculator.Update(At(
                  absl::Seconds(7) + absl::Nanoseconds(v.elapsed_ns), v.to_ns)),
              std::optional<double>(v.percent));
  }
}

TEST(CpuPercentCalculatorTest, HasNoValueAfterOneReading) {
  CpuPercentCalculator calculator;

  EXPECT_THAT(calculator.Update(At(absl::Seconds(1), 5)), Eq(std::nullopt));
}

TEST(CpuPercentCalculatorTest, CounterThatStandsAtZeroIsAReading) {
  CpuPercentCalculator calculator;
  calculator.Update(At(absl::Seconds(1), 0));

  EXPECT_THAT(calculator.Update(At(absl::Seconds(2), 0)),
              Optional(DoubleEq(0)));
  EXPECT_THAT(calculator.Update(At(absl::Seconds(3), 500'000'000)),
              Optional(DoubleEq(50)));
}

TEST(CpuPercentCalculatorTest, CounterGoingBackwardsStartsOver) {
  CpuPercentCalculator calculator;
  calculator.Update(At(absl::Seconds(1), 9'000'000'000));

  EXPECT_THAT(calculator.Update(At(absl::Seconds(2), 1'000'000'000)),
              Eq(std::nullopt));
  EXPECT_THAT(calculator.Update(At(absl::Seconds(3), 1'500'000'000)),
              Optional(DoubleEq(50)));
}

TEST(CpuPercentCalculatorTest, RecreatedCgroupStartsOver) {
  CpuPercentCalculator calculator;
  calculator.Update(At(absl::Seconds(1), 0));

  EXPECT_THAT(calculator.Update({kInode + 1, 9'000'000'000, absl::Seconds(2)}),
              Eq(std::nullopt));
}

TEST(CpuPercentCalculatorTest, HasNoValueIfNoTimeHasPassed) {
  CpuPercentCalculator calculator;
  calculator.Update(At(absl::Seconds(1), 0));

  EXPECT_THAT(calculator.Update(At(absl::Seconds(1), 1)), Eq(std::nullopt));
  EXPECT_THAT(calculator.Update(At(absl::Milliseconds(999), 2)),
              Eq(std::nullopt));
}

TEST(CpuPercentCalculatorTest, KeepsItsPrecisionAfterYearsOfCpuTime) {
  constexpr uint64_t kYears = 20'000'000'000'000'000;
  CpuPercentCalculator calculator;
  calculator.Update(At(absl::Seconds(1), kYears));

  EXPECT_THAT(calculator.Update(At(absl::Seconds(2), kYears + 10'000'001)),
              Optional(DoubleEq(1.0000001)));
}

TEST(CpuPercentCalculatorPeekTest, ChangesNothingForTheRegularReadings) {
  CpuPercentCalculator calculator;
  calculator.Update(At(absl::Seconds(1), 0));

  EXPECT_THAT(calculator.Peek(At(absl::Seconds(1.5), 500'000'000)),
              Optional(DoubleEq(100)));
  EXPECT_THAT(calculator.Update(At(absl::Seconds(2), 500'000'000)),
              Optional(DoubleEq(50)));
}

TEST(CpuPercentCalculatorPeekTest, CountsFromTheReadingBeforeIfOneIsTooRecent) {
  CpuPercentCalculator calculator;
  calculator.Update(At(absl::Seconds(1), 0));
  calculator.Update(At(absl::Seconds(2), 500'000'000));

  // 10 ms, one clock tick: from the last reading this would be 100.
  EXPECT_THAT(calculator.Peek(At(absl::Seconds(2.01), 510'000'000)),
              Optional(DoubleEq(51.0 / 1.01)));
  EXPECT_THAT(calculator.Peek(At(absl::Seconds(2.2), 700'000'000)),
              Optional(DoubleEq(100)));
}

TEST(CpuPercentCalculatorPeekTest, DoesNotCountAcrossAReset) {
  CpuPercentCalculator calculator;
  calculator.Update(At(absl::Seconds(1), 5'000'000'000));
  calculator.Update(At(absl::Seconds(2), 0));

  EXPECT_THAT(calculator.Peek(At(absl::Seconds(2.05), 50'000'000)),
              Optional(DoubleEq(100)));
}

TEST(CpuPercentCalculatorPeekTest, HasNoValueBeforeTheFirstReading) {
  EXPECT_THAT(CpuPercentCalculator().Peek(At(absl::Seconds(1), 1)),
              Eq(std::nullopt));
}

}  // namespace
}  // namespace reeve
