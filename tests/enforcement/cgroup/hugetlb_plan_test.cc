#include "enforcement/cgroup/hugetlb_plan.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/enforcement/cgroup/fake_limit_files.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

ResourceLimits HugePages(const std::string& page_size, const Bound& bytes) {
  ResourceLimits limits;
  limits.hugetlb = {{page_size, bytes}};
  return limits;
}

absl::StatusOr<std::vector<std::string>> Writes(const ResourceLimits& limits,
                                                CgroupVersion version,
                                                const LimitTexts& current) {
  LimitPlanner planner(current);
  PlanHugetlb(limits, version, planner);
  const absl::StatusOr<std::vector<PlannedLimit>> plan =
      std::move(planner).Result();
  if (!plan.ok()) return plan.status();
  std::vector<std::string> writes;
  for (const PlannedLimit& limit : *plan) {
    if (!limit.needs_write) continue;
    writes.push_back(absl::StrCat(limit.file, "=", limit.value));
  }
  return writes;
}

TEST(PlanHugetlbTest, EachPageSizeHasItsFile) {
  EXPECT_THAT(Writes(HugePages("2MB", Bound::Of(4 << 20)), CgroupVersion::kV1,
                     FakeLimitFiles::V1().texts()),
              IsOkAndHolds(ElementsAre("hugetlb.2MB.limit_in_bytes=4194304")));
  EXPECT_THAT(Writes(HugePages("2MB", Bound::Of(0)), CgroupVersion::kV2,
                     FakeLimitFiles::V2().texts()),
              IsOkAndHolds(ElementsAre("hugetlb.2MB.max=0")));
}

TEST(PlanHugetlbTest, NoLimitIsWhatTheVersionCallsIt) {
  LimitTexts v1 = FakeLimitFiles::V1().texts();
  EXPECT_THAT(
      Writes(HugePages("2MB", Bound::Unlimited()), CgroupVersion::kV1, v1),
      IsOkAndHolds(IsEmpty()));
  v1["hugetlb.2MB.limit_in_bytes"] = "0";
  EXPECT_THAT(
      Writes(HugePages("2MB", Bound::Unlimited()), CgroupVersion::kV1, v1),
      IsOkAndHolds(ElementsAre("hugetlb.2MB.limit_in_bytes=-1")));
}

TEST(PlanHugetlbTest, BytesBelowAHugePageAreRoundedDown) {
  LimitTexts v2 = FakeLimitFiles::V2().texts();
  v2["hugetlb.2MB.max"] = "2097152";
  EXPECT_THAT(
      Writes(HugePages("2MB", Bound::Of(3 << 20)), CgroupVersion::kV2, v2),
      IsOkAndHolds(IsEmpty()));
}

TEST(PlanHugetlbTest, NamesTheFileOfAPageSizeThatIsNotThere) {
  EXPECT_THAT(
      Writes(HugePages("64KB", Bound::Of(0)), CgroupVersion::kV2,
             FakeLimitFiles::V2().texts()),
      StatusIs(absl::StatusCode::kUnavailable, HasSubstr("hugetlb.64KB.max")));
}

}  // namespace
}  // namespace reeve
