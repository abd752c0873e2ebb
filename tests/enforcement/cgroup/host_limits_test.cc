#include "enforcement/cgroup/host_limits.h"

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A host of four CPUs, a disk and one size of huge pages.
class ResolveLimitsTest : public ::testing::Test {
 protected:
  ResolveLimitsTest() {
    tree_.Write("cgroup/cpuset.cpus.effective", "0-3\n");
    tree_.Write("cgroup/cpuset.mems.effective", "0\n");
    tree_.MakeDir("sys/kernel/mm/hugepages/hugepages-2048kB");
    tree_.MakeDir("sys/dev/block/8:0");
  }

  absl::StatusOr<ResourceLimits> Resolve(const ResourceLimits& limits) const {
    const CgroupMounts mounts(
        {{CgroupVersion::kV2, tree_.Path("cgroup"), {"cpuset"}}});
    return ResolveLimits(limits, mounts, "/reeve", tree_.Path("sys"));
  }

  FakeTree tree_;
};

TEST_F(ResolveLimitsTest, LimitsOfOtherThingsAreNotLookedUp) {
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(4096);
  limits.cpu_shares = 512;
  EXPECT_THAT(ResolveLimits(limits, CgroupMounts({}), "/reeve", "/nosuch"),
              IsOk());
}

TEST_F(ResolveLimitsTest, CpusAreThoseOfTheParent) {
  ResourceLimits limits;
  limits.cpuset_cpus = "0,3";
  limits.cpuset_mems = "0";
  EXPECT_THAT(Resolve(limits), IsOk());
  limits.cpuset_cpus = "2-5";
  EXPECT_THAT(Resolve(limits),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("cpuset of 2-5: there is no 4-5"),
                             HasSubstr("some of 0-3, which cgroup /reeve"))));
  limits.cpuset_cpus = "";
  limits.cpuset_mems = "1";
  EXPECT_THAT(Resolve(limits), StatusIs(absl::StatusCode::kInvalidArgument,
                                        HasSubstr("memory nodes of 1")));
}

TEST_F(ResolveLimitsTest, PageSizesAreThoseOfTheKernel) {
  ResourceLimits limits;
  limits.hugetlb = {{"2MB", Bound::Of(0)}};
  EXPECT_THAT(Resolve(limits), IsOk());
  limits.hugetlb = {{"1GB", Bound::Of(0)}};
  EXPECT_THAT(Resolve(limits),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("huge pages of 1GB: this kernel has 2MB")));
}

TEST_F(ResolveLimitsTest, ADeviceIsNamedOnceHoweverItIsCalled) {
  ResourceLimits limits;
  limits.io_max.resize(2);
  limits.io_max[0].device = "8:0";
  limits.io_max[1].device = "8:0";
  EXPECT_THAT(Resolve(limits),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("twice")));
  limits.io_max.pop_back();
  const absl::StatusOr<ResourceLimits> resolved = Resolve(limits);
  ASSERT_THAT(resolved, IsOk());
  EXPECT_EQ(resolved->io_max[0].device, "8:0");
}

}  // namespace
}  // namespace reeve
