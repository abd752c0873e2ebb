#include "enforcement/process/process_limits_of.h"

#include <sys/resource.h>

#include <optional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

LimitSetting Setting(const char* file, const char* read_back) {
  return {"process", file, "", "", read_back};
}

TEST(ProcessLimitsOfTest, TakesWhatWasReadBack) {
  const ResourceLimits limits =
      ProcessLimitsOf({Setting("oom_score_adj", "-1000"),
                       Setting("nice", "-20"),
                       Setting("sched", "fifo:7"),
                       Setting("rlimit.core", "0:unlimited"),
                       {"memory", "memory.max", "1", "1", "1"}});

  EXPECT_THAT(limits.oom_score_adj, Optional(-1000));
  EXPECT_THAT(limits.nice, Optional(-20));
  EXPECT_THAT(limits.scheduling,
              Optional(SchedulingPolicy{SchedulingPolicy::Kind::kFifo, 7}));
  EXPECT_THAT(limits.rlimits, ElementsAre(Rlimit{RLIMIT_CORE, Bound::Of(0),
                                                 Bound::Unlimited()}));
  EXPECT_FALSE(limits.has_memory());
}

TEST(ProcessLimitsOfTest, WhereProcessesDifferThereIsNoLimit) {
  EXPECT_TRUE(ProcessLimitsOf({Setting("oom_score_adj", "0, 5"),
                               Setting("nice", "0, 5"),
                               Setting("sched", "other, deadline:1:2:3"),
                               Setting("rlimit.core", "0:0, 1:1")})
                  .empty());
}

}  // namespace
}  // namespace reeve
