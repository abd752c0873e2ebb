#include "enforcement/process/process_plan.h"

#include <sys/resource.h>

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

ResourceLimits AllLimits() {
  ResourceLimits limits;
  limits.oom_score_adj = -1;
  limits.nice = 19;
  limits.scheduling = SchedulingPolicy{SchedulingPolicy::Kind::kRoundRobin, 5};
  limits.rlimits = {{RLIMIT_NOFILE, Bound::Of(10), Bound::Of(20)},
                    {RLIMIT_CORE, Bound::Of(0), Bound::Unlimited()}};
  return limits;
}

std::vector<std::string> Texts(const std::vector<PlannedLimit>& plan) {
  std::vector<std::string> texts;
  for (const PlannedLimit& limit : plan) {
    texts.push_back(limit.controller + " " + limit.file + "=" + limit.value +
                    (limit.needs_write ? "" : " (is there)"));
    EXPECT_EQ(limit.requested, limit.value);
  }
  return texts;
}

std::vector<std::string> PlanTexts(const ResourceLimits& limits,
                                   const LimitTexts& current) {
  LimitPlanner planner(current);
  PlanProcess(limits, planner);
  const auto plan = std::move(planner).Result();
  EXPECT_THAT(plan, IsOk());
  return plan.ok() ? Texts(*plan) : std::vector<std::string>();
}

TEST(ProcessPlanTest, FilesAreThoseOfTheLimitsThatAreNamed) {
  EXPECT_THAT(ProcessFilesOf({}), IsEmpty());
  std::vector<std::string> files;
  for (const LimitFile& file : ProcessFilesOf(AllLimits())) {
    files.push_back(file.controller + " " + file.file);
  }
  EXPECT_THAT(files, ElementsAre("process oom_score_adj", "process nice",
                                 "process sched", "process rlimit.nofile",
                                 "process rlimit.core"));
}

TEST(ProcessPlanTest, WhatAllHaveNeedsNoWrite) {
  EXPECT_THAT(PlanTexts(AllLimits(), {{"oom_score_adj", "-1"},
                                      {"nice", "19, 0"},
                                      {"sched", "rr:5"},
                                      {"rlimit.nofile", "10:20"},
                                      {"rlimit.core", "0:0"}}),
              ElementsAre("process oom_score_adj=-1 (is there)",
                          "process nice=19", "process sched=rr:5 (is there)",
                          "process rlimit.nofile=10:20 (is there)",
                          "process rlimit.core=0:unlimited"));
}

TEST(ProcessPlanTest, HardLimitsThatComeDownAreLast) {
  ResourceLimits limits;
  limits.rlimits = {{RLIMIT_NOFILE, Bound::Of(10), Bound::Of(20)},
                    {RLIMIT_NPROC, Bound::Of(10), Bound::Of(20)},
                    {RLIMIT_CORE, Bound::Of(0), Bound::Of(0)},
                    {RLIMIT_STACK, Bound::Of(1), Bound::Of(2)}};
  EXPECT_THAT(
      PlanTexts(limits, {{"rlimit.nofile", "10:21"},
                         {"rlimit.nproc", "10:19"},
                         {"rlimit.core", "0:unlimited"},
                         {"rlimit.stack", "1:2, 2:2"}}),
      ElementsAre("process rlimit.nproc=10:20", "process rlimit.stack=1:2",
                  "process rlimit.nofile=10:20", "process rlimit.core=0:0"));
}

}  // namespace
}  // namespace reeve
