#include "enforcement/shim/time_slice.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

#include "gtest/gtest.h"

namespace reeve {
namespace {

// The kernel's struct sched_attr, whose header cannot be had together with the
// C library's <sched.h>.
struct SchedulerAttributes {
  uint32_t size;
  uint32_t sched_policy;
  uint64_t sched_flags;
  int32_t sched_nice;
  uint32_t sched_priority;
  uint64_t sched_runtime;
  uint64_t sched_deadline;
  uint64_t sched_period;
};

SchedulerAttributes Attributes() {
  SchedulerAttributes attributes = {};
  EXPECT_EQ(syscall(SYS_sched_getattr, 0, &attributes, sizeof(attributes), 0),
            0);
  return attributes;
}

TEST(TimeSliceTest, ShortIsShorterThanTheDefault) {
  UseDefaultTimeSlice();
  const uint64_t usual = Attributes().sched_runtime;
  UseShortTimeSlice();
  const uint64_t shorter = Attributes().sched_runtime;
  UseDefaultTimeSlice();

  if (shorter == 0) GTEST_SKIP() << "this kernel has no slices of a thread";
  EXPECT_LT(shorter, usual);
  EXPECT_EQ(Attributes().sched_runtime, usual);
}

TEST(TimeSliceTest, PolicyAndNicenessStay) {
  ASSERT_EQ(setpriority(PRIO_PROCESS, 0, 3), 0);

  UseShortTimeSlice();

  EXPECT_EQ(Attributes().sched_nice, 3);
  EXPECT_EQ(Attributes().sched_policy, static_cast<uint32_t>(SCHED_OTHER));
  UseDefaultTimeSlice();
  EXPECT_EQ(Attributes().sched_nice, 3);
}

}  // namespace
}  // namespace reeve
