#include "enforcement/cgroup/group_cgroup.h"

#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

TEST(GroupCgroupPathTest, IsBelowTheParentOfTasks) {
  EXPECT_EQ(GroupCgroupPath("/reeve", "shop"), "/reeve/@shop");
  EXPECT_EQ(GroupCgroupPath("/", "shop"), "/@shop");
}

TEST(GroupCgroupPathTest, IsToldFromTheParentOfTasksWithoutAGroup) {
  EXPECT_TRUE(IsGroupCgroupPath("/reeve/@shop", "shop"));
  EXPECT_FALSE(IsGroupCgroupPath("/reeve", "shop"));
  EXPECT_FALSE(IsGroupCgroupPath("/reeve/@shop", "hop"));
  EXPECT_FALSE(IsGroupCgroupPath("/reeve/@", ""));
}

TEST(CheckGroupControllersTest, WhatV1WouldNotHoldTasksToIsRefusedByName) {
  const CgroupMounts mounts({{CgroupVersion::kV1, "/cpuset", {"cpuset"}},
                             {CgroupVersion::kV1, "/blkio", {"blkio"}},
                             {CgroupVersion::kV2, "/unified", {"hugetlb"}}});
  ResourceLimits cpuset;
  cpuset.cpuset_cpus = "0";
  ResourceLimits io;
  io.io_weight = 50;
  ResourceLimits huge_pages;
  huge_pages.hugetlb = {{"2MB", Bound::Of(0)}};
  ResourceLimits pids;
  pids.pids = Bound::Of(5);

  EXPECT_THAT(CheckGroupControllers(cpuset, mounts),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("no cpuset of a group can be set: this host "
                                 "has cpuset on cgroup v1")));
  EXPECT_THAT(
      CheckGroupControllers(io, mounts),
      StatusIs(absl::StatusCode::kUnavailable, HasSubstr("input and output")));
  EXPECT_THAT(CheckGroupControllers(huge_pages, mounts), IsOk());
  EXPECT_THAT(CheckGroupControllers(pids, mounts), IsOk());
}

TEST(CheckGroupControllersTest, OnV2AGroupMayHaveThemAll) {
  const CgroupMounts mounts(
      {{CgroupVersion::kV2, "/unified", {"cpuset", "io", "hugetlb"}}});
  ResourceLimits limits;
  limits.cpuset_cpus = "0";
  limits.io_weight = 50;
  limits.hugetlb = {{"2MB", Bound::Of(0)}};

  EXPECT_THAT(CheckGroupControllers(limits, mounts), IsOk());
}

// A hybrid host: cpu on v1, and a v2 hierarchy without controllers.
class GroupCgroupTest : public ::testing::Test {
 protected:
  bool Exists(const std::string& path) const {
    return access(tree_.Path(path).c_str(), F_OK) == 0;
  }

  FakeTree tree_;
  const CgroupMounts mounts_{{{CgroupVersion::kV1, tree_.Path("cpu"), {"cpu"}},
                              {CgroupVersion::kV2, tree_.Path("unified"), {}}}};
};

TEST_F(GroupCgroupTest, IsWholeWithADirectoryInEveryHierarchy) {
  CgroupDirs dirs = LocateCgroup(mounts_, "/reeve/@shop");
  EXPECT_TRUE(IsWholeCgroup(mounts_, "/reeve/@shop", dirs));

  dirs.unified.reset();
  EXPECT_FALSE(IsWholeCgroup(mounts_, "/reeve/@shop", dirs));
}

TEST_F(GroupCgroupTest, IsRemovedFromEveryHierarchy) {
  tree_.MakeDir("cpu/reeve/@shop");
  tree_.MakeDir("unified/reeve/@shop");

  EXPECT_THAT(RemoveGroupCgroup(mounts_, "/reeve/@shop"), IsOk());

  EXPECT_FALSE(Exists("cpu/reeve/@shop"));
  EXPECT_FALSE(Exists("unified/reeve/@shop"));
  EXPECT_THAT(RemoveGroupCgroup(mounts_, "/reeve/@shop"), IsOk());
}

TEST_F(GroupCgroupTest, IsLeftWhereSomethingIsBelowIt) {
  tree_.MakeDir("cpu/reeve/@shop/web");
  tree_.MakeDir("unified/reeve/@shop");

  EXPECT_THAT(RemoveGroupCgroup(mounts_, "/reeve/@shop"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("cpu/reeve/@shop: there are cgroups in it")));

  EXPECT_TRUE(Exists("cpu/reeve/@shop/web"));
}

}  // namespace
}  // namespace reeve
