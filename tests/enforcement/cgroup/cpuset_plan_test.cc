#include "enforcement/cgroup/cpuset_plan.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/enforcement/cgroup/fake_limit_files.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

ResourceLimits Cpuset(const std::string& cpus) {
  ResourceLimits limits;
  limits.cpuset_cpus = cpus;
  return limits;
}

std::vector<std::string> Writes(const ResourceLimits& limits,
                                CgroupVersion version,
                                const LimitTexts& current) {
  LimitPlanner planner(current);
  PlanCpuset(limits, version, planner);
  const absl::StatusOr<std::vector<PlannedLimit>> plan =
      std::move(planner).Result();
  EXPECT_THAT(plan, IsOk());
  std::vector<std::string> writes;
  if (!plan.ok()) return writes;
  for (const PlannedLimit& limit : *plan) {
    if (!limit.needs_write) continue;
    writes.push_back(absl::StrCat(limit.file, "=", limit.value));
  }
  return writes;
}

TEST(PlanCpusetTest, IsOneListOnEitherVersion) {
  EXPECT_THAT(
      Writes(Cpuset("0,1"), CgroupVersion::kV1, FakeLimitFiles::V1().texts()),
      ElementsAre("cpuset.cpus=0,1"));
  EXPECT_THAT(
      Writes(Cpuset("0,1"), CgroupVersion::kV2, FakeLimitFiles::V2().texts()),
      ElementsAre("cpuset.cpus=0,1"));
}

TEST(PlanCpusetTest, AListThatMeansTheSameIsNotWritten) {
  EXPECT_THAT(
      Writes(Cpuset("3,0-2"), CgroupVersion::kV1, FakeLimitFiles::V1().texts()),
      IsEmpty());
}

// What the plan says was requested, and the list that it has for that.
std::string PlannedFor(const ResourceLimits& limits) {
  const LimitTexts texts = FakeLimitFiles::V2().texts();
  LimitPlanner planner(texts);
  PlanCpuset(limits, CgroupVersion::kV2, planner);
  const absl::StatusOr<std::vector<PlannedLimit>> plan =
      std::move(planner).Result();
  EXPECT_THAT(plan, IsOk());
  if (!plan.ok() || plan->size() != 1) return "";
  return absl::StrCat(plan->front().requested, ": ", plan->front().value);
}

TEST(PlanCpusetTest, CpusThatTheAgentChoseSayWhy) {
  ResourceLimits reserved = Cpuset("2-3");
  reserved.reserved_cpus = 2;
  ResourceLimits pool = Cpuset("0-1");
  pool.cpuset_is_pool = true;
  ResourceLimits chosen = Cpuset("0-1");
  chosen.reserved_cpus = 0;

  EXPECT_EQ(PlannedFor(reserved), "2 reserved: 2-3");
  EXPECT_EQ(PlannedFor(pool), "pool: 0-1");
  EXPECT_EQ(PlannedFor(chosen), "0-1: 0-1");
}

TEST(ReservedInTest, IsTheNumberOfARequestForSome) {
  EXPECT_THAT(ReservedIn("2 reserved"), Optional(2));
  for (const char* other : {"pool", "all", "2", "0-1", " reserved", ""}) {
    EXPECT_EQ(ReservedIn(other), std::nullopt) << other;
  }
}

TEST(PlanCpusetTest, AnEmptyListIsWhatTheParentHas) {
  LimitTexts v1 = FakeLimitFiles::V1().texts();
  v1["cpuset.cpus"] = "1";
  EXPECT_THAT(Writes(Cpuset(""), CgroupVersion::kV1, v1),
              ElementsAre("cpuset.cpus=0-3"));

  LimitTexts v2 = FakeLimitFiles::V2().texts();
  v2["cpuset.cpus"] = "1";
  EXPECT_THAT(Writes(Cpuset(""), CgroupVersion::kV2, v2),
              ElementsAre("cpuset.cpus=0-3"));
}

TEST(PlanCpusetTest, WhatIsInheritedStaysSo) {
  EXPECT_THAT(
      Writes(Cpuset(""), CgroupVersion::kV2, FakeLimitFiles::V2().texts()),
      IsEmpty());
}

TEST(PlanCpusetTest, MemoryNodesAreAListOfTheirOwn) {
  ResourceLimits limits = Cpuset("1");
  limits.cpuset_mems = "0";
  EXPECT_THAT(Writes(limits, CgroupVersion::kV2, FakeLimitFiles::V2().texts()),
              ElementsAre("cpuset.mems=0", "cpuset.cpus=1"));
}

TEST(CpusetFilesOfTest, AsksForTheParentsListToo) {
  EXPECT_EQ(CpusetFilesOf(Cpuset("1"), CgroupVersion::kV1).size(), 2u);
  EXPECT_EQ(CpusetFilesOf(Cpuset("1"), CgroupVersion::kV2).size(), 2u);
  EXPECT_THAT(CpusetFilesOf(ResourceLimits{}, CgroupVersion::kV1), IsEmpty());
}

}  // namespace
}  // namespace reeve
