#include "collectors/cgroup_counters.h"

#include <cstdint>
#include <optional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::Optional;

CgroupSample SampleOf(uint64_t value) {
  CgroupSample sample;
  for (std::optional<uint64_t>* field :
       {&sample.cpu_usage_ns, &sample.cpu_user_ns, &sample.cpu_system_ns,
        &sample.cpu_periods, &sample.cpu_throttled_periods,
        &sample.cpu_throttled_ns, &sample.cpu_burst_periods,
        &sample.cpu_burst_ns, &sample.memory_low_events,
        &sample.memory_high_events, &sample.memory_max_events,
        &sample.memory_oom_events, &sample.oom_kills, &sample.fork_failures,
        &sample.memory_usage_bytes, &sample.memory_peak_bytes,
        &sample.threads}) {
    *field = value;
  }
  return sample;
}

TEST(CgroupCountersTest, CountersNeverDecrease) {
  CgroupCounters counters;
  counters.Update(SampleOf(100));
  counters.Update(SampleOf(40));

  const CgroupSample shown = counters.Update(SampleOf(50));

  EXPECT_THAT(shown.cpu_usage_ns, Optional(110u));
  EXPECT_THAT(shown.cpu_user_ns, Optional(110u));
  EXPECT_THAT(shown.cpu_system_ns, Optional(110u));
  EXPECT_THAT(shown.cpu_periods, Optional(110u));
  EXPECT_THAT(shown.cpu_throttled_periods, Optional(110u));
  EXPECT_THAT(shown.cpu_throttled_ns, Optional(110u));
  EXPECT_THAT(shown.cpu_burst_periods, Optional(110u));
  EXPECT_THAT(shown.cpu_burst_ns, Optional(110u));
  EXPECT_THAT(shown.memory_low_events, Optional(110u));
  EXPECT_THAT(shown.memory_high_events, Optional(110u));
  EXPECT_THAT(shown.memory_max_events, Optional(110u));
  EXPECT_THAT(shown.memory_oom_events, Optional(110u));
  EXPECT_THAT(shown.oom_kills, Optional(110u));
  EXPECT_THAT(shown.fork_failures, Optional(110u));
}

TEST(CgroupCountersTest, GaugesAreShownAsTheyAre) {
  CgroupCounters counters;
  counters.Update(SampleOf(100));

  const CgroupSample shown = counters.Update(SampleOf(40));

  EXPECT_THAT(shown.memory_usage_bytes, Optional(40u));
  EXPECT_THAT(shown.memory_peak_bytes, Optional(40u));
  EXPECT_THAT(shown.threads, Optional(40u));
}

TEST(CgroupCountersTest, WhatIsAbsentStaysAbsentAndComesBackHigher) {
  CgroupCounters counters;
  counters.Update(SampleOf(100));

  EXPECT_EQ(counters.Update(CgroupSample()).cpu_usage_ns, std::nullopt);
  EXPECT_THAT(counters.Update(SampleOf(101)).cpu_usage_ns, Optional(101u));
}

}  // namespace
}  // namespace reeve
