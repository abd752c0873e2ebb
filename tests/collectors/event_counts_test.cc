#include "collectors/event_counts.h"

#include <optional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::Optional;

CgroupSample SampleWith(std::optional<uint64_t> oom_kills,
                        std::optional<uint64_t> fork_failures) {
  CgroupSample sample;
  sample.oom_kills = oom_kills;
  sample.fork_failures = fork_failures;
  return sample;
}

TEST(EventCountsTest, AKernelThatCountsInTheTaskAloneIsAddedUp) {
  EventCounts events;
  events.Add(SampleWith(1, 20));
  events.Add(SampleWith(2, 30));
  CgroupSample group = SampleWith(0, 0);

  events.ApplyTo(group);

  EXPECT_THAT(group.oom_kills, Optional(3u));
  EXPECT_THAT(group.fork_failures, Optional(50u));
}

TEST(EventCountsTest, AKernelThatCountsInTheGroupTooIsBelieved) {
  EventCounts events;
  events.Add(SampleWith(1, 0));
  CgroupSample group = SampleWith(4, 7);

  events.ApplyTo(group);

  EXPECT_THAT(group.oom_kills, Optional(4u));
  EXPECT_THAT(group.fork_failures, Optional(7u));
}

TEST(EventCountsTest, WhatTheKernelDoesNotTellStaysAbsent) {
  EventCounts events;
  events.Add(SampleWith(std::nullopt, 2));
  CgroupSample group;

  events.ApplyTo(group);

  EXPECT_EQ(group.oom_kills, std::nullopt);
  EXPECT_EQ(group.fork_failures, std::nullopt);
}

}  // namespace
}  // namespace reeve
