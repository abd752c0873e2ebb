#include "collectors/cgroup/pressure.h"

#include <optional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::Optional;

TEST(ParsePressureTest, TotalsAreMicroseconds) {
  const auto pressure = ParsePressure(
      "some avg10=1.53 avg60=0.87 avg300=0.21 total=5412345\n"
      "full avg10=0.00 avg60=0.10 avg300=0.05 total=12345\n");

  ASSERT_THAT(pressure, IsOk());
  EXPECT_EQ(pressure->some_usec, 5412345u);
  EXPECT_THAT(pressure->full_usec, Optional(12345u));
}

// As before Linux 5.13.
TEST(ParsePressureTest, CpuPressureOfOldKernelsHasNoFull) {
  const auto pressure =
      ParsePressure("some avg10=0.00 avg60=0.00 avg300=0.00 total=7\n");

  ASSERT_THAT(pressure, IsOk());
  EXPECT_EQ(pressure->some_usec, 7u);
  EXPECT_EQ(pressure->full_usec, std::nullopt);
}

TEST(ParsePressureTest, WhatFollowsTheTotalIsForNewerKernels) {
  const auto pressure = ParsePressure("some avg10=0.00 total=7 new=3\nx 1\n");

  ASSERT_THAT(pressure, IsOk());
  EXPECT_EQ(pressure->some_usec, 7u);
}

TEST(ParsePressureTest, RefusesWhatHasNoTotal) {
  for (const std::string contents :
       {"", "\n", "full avg10=0.00 total=3\n", "some avg10=0.00\n",
        "some total=\n", "some total=-1\n", "some total=1.5\n",
        "some total=99999999999999999999\n",
        "some total=1\nfull avg10=0.00 total=x\n"}) {
    EXPECT_THAT(ParsePressure(contents), StatusIs(absl::StatusCode::kDataLoss))
        << contents;
  }
}

}  // namespace
}  // namespace reeve
