#include "enforcement/spec/policy_bounds.h"

#include <cmath>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

TEST(ValidatePolicyBoundsTest, NoneAreFine) {
  const PolicyBounds bounds;

  EXPECT_EQ(bounds.priority, 50u);
  EXPECT_THAT(ValidatePolicyBounds(bounds), IsOk());
}

TEST(ValidatePolicyBoundsTest, WhatNoBoundCanBeIsRefusedByName) {
  for (const double cores : {0.0, -1.0, 1e9, std::nan("")}) {
    PolicyBounds bounds;
    bounds.cpus_max = cores;
    EXPECT_THAT(
        ValidatePolicyBounds(bounds),
        StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("cpus max")))
        << cores;
  }
  PolicyBounds memory;
  memory.memory_max_bytes = 4095;
  EXPECT_THAT(ValidatePolicyBounds(memory),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("memory max 4095: give 4096 bytes or more")));
  PolicyBounds priority;
  priority.priority = 101;
  EXPECT_THAT(ValidatePolicyBounds(priority),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("priority 101: give 0 to 100")));
}

TEST(ChangedBoundsTest, WhatIsNotNamedStays) {
  PolicyBounds bounds;
  bounds.cpus_max = 2;
  bounds.memory_max_bytes = 8192;
  bounds.priority = 7;
  EXPECT_TRUE(ChangedBounds(bounds, {}) == bounds);

  PolicyBoundsChange change;
  change.cpus_max = 3;
  const PolicyBounds changed = ChangedBounds(bounds, change);
  EXPECT_EQ(changed.cpus_max, 3);
  EXPECT_EQ(changed.memory_max_bytes, 8192u);
  EXPECT_EQ(changed.priority, 7u);
}

TEST(ChangedBoundsTest, ZeroTakesABoundAway) {
  PolicyBounds bounds;
  bounds.cpus_max = 2;
  bounds.memory_max_bytes = 8192;
  PolicyBoundsChange change;
  change.cpus_max = 0;
  change.memory_max_bytes = 0;
  change.priority = 0;

  const PolicyBounds changed = ChangedBounds(bounds, change);
  EXPECT_FALSE(changed.cpus_max.has_value());
  EXPECT_FALSE(changed.memory_max_bytes.has_value());
  EXPECT_EQ(changed.priority, 0u);
}

}  // namespace
}  // namespace reeve
