// The limits of huge pages of a task on the real kernel.

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "enforcement/cgroup/huge_pages.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/task_cgroup_fixture.h"
#include "tests/testing/cgroup_child.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class TaskHugetlbTest : public TaskCgroupTest {
 protected:
  void SetUp() override {
    TaskCgroupTest::SetUp();
    if (IsSkipped()) return;
    const std::vector<std::string> sizes = HugePageSizes("/sys");
    if (sizes.empty() || mounts_->Find("hugetlb") == nullptr) {
      GTEST_SKIP() << "this host has no huge pages, or no cgroup controller "
                      "hugetlb";
    }
    if (std::getenv("REEVE_VM") == nullptr && IsKeptByTheRoot()) {
      GTEST_SKIP() << "the root of the v2 hierarchy, which is not the test's, "
                      "would have to pass hugetlb on";
    }
    size_ = sizes.front();
  }

  bool IsKeptByTheRoot() const {
    const CgroupHierarchy& hierarchy = *mounts_->Find("hugetlb");
    if (hierarchy.version == CgroupVersion::kV1) return false;
    const absl::StatusOr<std::string> passed_on = ReadFile(
        absl::StrCat(hierarchy.mount_point, "/cgroup.subtree_control"));
    return !passed_on.ok() || !absl::StrContains(*passed_on, "hugetlb");
  }

  ResourceLimits HugePages(const Bound& bytes) const {
    ResourceLimits limits;
    limits.hugetlb = {{size_, bytes}};
    return limits;
  }

  std::string File() const {
    return "hugetlb." + size_ + (IsV1("hugetlb") ? ".limit_in_bytes" : ".max");
  }

  // The smallest page size of this kernel.
  std::string size_;
};

TEST_F(TaskHugetlbTest, ARunningTaskGetsTheControllerWhenItIsAskedFor) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  const auto child = Start(*cgroup, Sleep);

  ASSERT_THAT(cgroup->Update(HugePages(Bound::Of(0))), IsOk());

  EXPECT_EQ(Read(*cgroup, "hugetlb", File()), "0");
  EXPECT_THAT(Read(*cgroup, "hugetlb", "cgroup.procs"),
              HasSubstr(std::to_string(child->pid())));
  child->Stop();
}

TEST_F(TaskHugetlbTest, BytesBelowAPageAreShownAsTheKernelKeepsThem) {
  const auto cgroup = Create("web", HugePages(Bound::Of(1024 * kMiB + 1)));
  ASSERT_NE(cgroup, nullptr);
  EXPECT_THAT(cgroup->Settings(),
              Contains(AllOf(Field(&LimitSetting::applied, "1073741825"),
                             Field(&LimitSetting::read_back, "1073741824"))));
}

TEST_F(TaskHugetlbTest, APageSizeThatTheKernelLacksIsRefusedBeforeAll) {
  ResourceLimits limits;
  limits.hugetlb = {{"3MB", Bound::Of(0)}};

  EXPECT_THAT(
      TaskCgroup::Create(*controller_, *mounts_, parent_, "web", limits),
      StatusIs(absl::StatusCode::kInvalidArgument,
               AllOf(HasSubstr("3MB"), HasSubstr(size_))));

  EXPECT_THAT(DirectoriesOf(parent_), IsEmpty());
}

TEST_F(TaskHugetlbTest, AnotherAgentFindsIt) {
  const auto first = Create("web", HugePages(Bound::Of(1024 * kMiB)));
  ASSERT_NE(first, nullptr);

  const auto second = TaskCgroup::Open(*controller_, *mounts_, parent_, "web");

  ASSERT_THAT(second, IsOk());
  ASSERT_THAT((*second)->Limits().hugetlb, SizeIs(1));
  EXPECT_EQ((*second)->Limits().hugetlb[0].bytes, 1024 * kMiB);
}

}  // namespace
}  // namespace reeve
