#include "agent/cgroups_collection.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/collectors/recording_observer.h"
#include "tests/testing/fake_clock.h"

namespace reeve {
namespace {

using ::testing::IsEmpty;

TEST(CgroupsIntervalTest, IsFiveSecondsUnlessToldOrSamplesAreRarer) {
  AgentOptions options;
  EXPECT_EQ(CgroupsInterval(options), absl::Seconds(5));
  options.sample_interval = absl::Seconds(30);
  EXPECT_EQ(CgroupsInterval(options), absl::Seconds(30));
  options.cgroups.interval = absl::Seconds(2);
  EXPECT_EQ(CgroupsInterval(options), absl::Seconds(2));
}

TEST(AddCgroupsTest, CollectorIsThereIfItIsOn) {
  const FakeClock clock;
  RecordingObserver observer;
  HostCollectors host(clock);
  AgentOptions options;

  AddCgroups(options, CgroupMounts({}), clock, observer, host);
  EXPECT_THAT(host.Sources(), IsEmpty());

  options.cgroups.is_enabled = true;
  AddCgroups(options, CgroupMounts({}), clock, observer, host);
  ASSERT_FALSE(host.Sources().empty());
  EXPECT_EQ(host.Sources().front()->collector(), "cgroups");
}

}  // namespace
}  // namespace reeve
