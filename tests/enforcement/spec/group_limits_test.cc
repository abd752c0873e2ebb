#include "enforcement/spec/group_limits.h"

#include <sys/resource.h>

#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(ValidateGroupLimitsTest, WhatACgroupKeepsIsForGroupsToo) {
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(1 << 30);
  limits.cpu_shares = 2048;
  limits.cpu_quota = CpuQuota{0.5};
  limits.pids = Bound::Of(100);
  limits.cpuset_cpus = "0";

  EXPECT_THAT(ValidateGroupLimits(limits), IsOk());
}

TEST(ValidateGroupLimitsTest, WhatOnlyATaskHasIsRefusedByName) {
  ResourceLimits oom_score_adj;
  oom_score_adj.oom_score_adj = 100;
  ResourceLimits nice;
  nice.nice = 5;
  ResourceLimits scheduling;
  scheduling.scheduling = SchedulingPolicy();
  ResourceLimits rlimit;
  rlimit.rlimits = {{RLIMIT_CORE, Bound::Of(0), Bound::Of(0)}};
  ResourceLimits reserved;
  reserved.reserved_cpus = 1;
  const std::pair<std::string, ResourceLimits> cases[] = {
      {"oom_score_adj", oom_score_adj},
      {"nice", nice},
      {"scheduling policy", scheduling},
      {"rlimit", rlimit},
      {"reserved CPUs", reserved}};

  for (const auto& [name, limits] : cases) {
    EXPECT_THAT(ValidateGroupLimits(limits),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         AllOf(HasSubstr(name + " of a group"),
                               HasSubstr("each of its tasks"))));
  }
}

TEST(ValidateGroupLimitsTest, ValuesAreCheckedAsForTasks) {
  ResourceLimits limits;
  limits.cpu_shares = 1;

  EXPECT_THAT(
      ValidateGroupLimits(limits),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("CPU shares")));
}

}  // namespace
}  // namespace reeve
