#include "enforcement/cgroup/offer_check.h"

#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

TEST(CheckOfferedTest, NamesTheLimitTheControllerAndWhy) {
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(1 << 20);
  limits.cpu_quota = CpuQuota{0.5};

  EXPECT_THAT(CheckOffered(limits, {{"cpu", "ask for it"}}),
              StatusIs(absl::StatusCode::kUnavailable,
                       "no CPU limit can be set: cpu: ask for it"));
}

TEST(CheckOfferedTest, WhatIsNotAskedForIsNotMissed) {
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(1 << 20);

  EXPECT_THAT(CheckOffered(limits, {{"cpu", "ask for it"}}), IsOk());
  EXPECT_THAT(CheckOffered(limits, {}), IsOk());
}

TEST(CheckOfferedTest, EachKindOfLimitNeedsItsController) {
  ResourceLimits shares;
  shares.cpu_shares = 2;
  ResourceLimits pids;
  pids.pids = Bound::Of(5);
  ResourceLimits cpuset;
  cpuset.cpuset_cpus = "0";
  ResourceLimits io;
  io.io_weight = 100;
  ResourceLimits hugetlb;
  hugetlb.hugetlb.emplace_back();

  for (const auto& [limits, controller] :
       {std::pair<ResourceLimits, const char*>{shares, "cpu"},
        {pids, "pids"},
        {cpuset, "cpuset"},
        {io, "io"},
        {io, "blkio"},
        {hugetlb, "hugetlb"}}) {
    EXPECT_THAT(CheckOffered(limits, {{controller, "because"}}),
                StatusIs(absl::StatusCode::kUnavailable))
        << controller;
  }
}

}  // namespace
}  // namespace reeve
