#include "collectors/cgroup/cgroup_mounts.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsNull;
using ::testing::NotNull;
using ::testing::SizeIs;

constexpr char kV1[] =
    "25 30 0:23 / /sys rw,nosuid shared:7 - sysfs sysfs rw\n"
    "31 25 0:28 / /sys/fs/cgroup ro,nosuid shared:9 - tmpfs tmpfs ro,mode=755\n"
    "32 31 0:29 / /sys/fs/cgroup/systemd rw shared:11 - cgroup cgroup "
    "rw,xattr,release_agent=/lib/systemd/agent,name=systemd\n"
    "35 31 0:32 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup "
    "rw,cpu,cpuacct\n"
    "36 31 0:33 / /sys/fs/cgroup/memory rw shared:13 master:2 - cgroup cgroup "
    "rw,memory,clone_children\n"
    "37 31 0:34 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n";

constexpr char kEmptyV2[] =
    "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,nsdelegate\n";

TEST(ParseCgroupMountinfoTest, TakesControllersFromTheOptionsOfV1Mounts) {
  const std::vector<CgroupHierarchy> all = ParseCgroupMountinfo(kV1);

  ASSERT_THAT(all, SizeIs(4));
  EXPECT_EQ(all[1].version, CgroupVersion::kV1);
  EXPECT_EQ(all[1].mount_point, "/sys/fs/cgroup/cpu,cpuacct");
  EXPECT_THAT(all[1].controllers, ElementsAre("cpu", "cpuacct"));
  EXPECT_THAT(all[2].controllers, ElementsAre("memory"));
}

TEST(ParseCgroupMountinfoTest, NameOfANamedHierarchyIsNoController) {
  EXPECT_THAT(ParseCgroupMountinfo(kV1)[0].controllers, IsEmpty());
}

TEST(ParseCgroupMountinfoTest, V2HasNoControllersInItsOptions) {
  const std::vector<CgroupHierarchy> all = ParseCgroupMountinfo(kEmptyV2);

  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].version, CgroupVersion::kV2);
  EXPECT_THAT(all[0].controllers, IsEmpty());
}

TEST(ParseCgroupMountinfoTest, DecodesOctalEscapesInMountPoints) {
  const std::vector<CgroupHierarchy> all = ParseCgroupMountinfo(
      "41 31 0:38 / /my\\040cgroups\\134\\011\\9\\1 rw - cgroup2 none rw\n");

  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].mount_point, "/my cgroups\\\t\\9\\1");
}

TEST(ParseCgroupMountinfoTest, FirstOfTwoMountsOfAHierarchyCounts) {
  const std::vector<CgroupHierarchy> all = ParseCgroupMountinfo(
      "36 31 0:33 / /first rw - cgroup cgroup rw,memory\n"
      "50 31 0:33 / /second rw - cgroup cgroup rw,memory\n");

  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].mount_point, "/first");
}

TEST(ParseCgroupMountinfoTest, PassesOverMountsOfAPartOfAHierarchy) {
  const std::vector<CgroupHierarchy> all = ParseCgroupMountinfo(
      "36 31 0:33 /docker/1 /bound rw - cgroup cgroup rw,memory\n"
      "37 31 0:33 /../.. /outside rw - cgroup cgroup rw,memory\n"
      "38 31 0:33 / /whole rw - cgroup cgroup rw,memory\n");

  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].mount_point, "/whole");
}

TEST(ParseCgroupMountinfoTest, IgnoresLinesItDoesNotUnderstand) {
  for (const char* text :
       {"", "\n\n", "36", "36 31 0:33 / /x rw", "36 31 0:33 / /x rw - cgroup2",
        "36 31 0:33 / - cgroup2 x rw", " - ", "- - - - - - - - - -",
        "36 31 0:33 / /x rw - cgroup3 cgroup rw,memory"}) {
    SCOPED_TRACE(text);
    EXPECT_THAT(ParseCgroupMountinfo(text), IsEmpty());
  }
}

CgroupMounts Mounts(const std::string& mountinfo) {
  return CgroupMounts(ParseCgroupMountinfo(mountinfo));
}

TEST(CgroupMountsTest, FindsControllersWhereverTheyAre) {
  const CgroupMounts mounts({{CgroupVersion::kV1, "/v1/memory", {"memory"}},
                             {CgroupVersion::kV2, "/v2", {"hugetlb", "cpu"}}});

  ASSERT_THAT(mounts.Find("memory"), NotNull());
  EXPECT_EQ(mounts.Find("memory")->mount_point, "/v1/memory");
  ASSERT_THAT(mounts.Find("cpu"), NotNull());
  EXPECT_EQ(mounts.Find("cpu")->mount_point, "/v2");
  EXPECT_THAT(mounts.Find("cpuacct"), IsNull());
  EXPECT_THAT(mounts.Find(""), IsNull());
}

TEST(CgroupMountsTest, CopiesShareTheTable) {
  auto mounts = std::make_unique<CgroupMounts>(std::vector<CgroupHierarchy>{
      {CgroupVersion::kV1, "/sys/fs/cgroup/pids", {"pids"}}});
  const CgroupHierarchy* const pids = mounts->Find("pids");

  const CgroupMounts copy = *mounts;
  mounts.reset();

  EXPECT_EQ(copy.Find("pids"), pids);
  EXPECT_EQ(pids->mount_point, "/sys/fs/cgroup/pids");
}

TEST(CgroupMountsTest, AreTheSameIfTheirHierarchiesAre) {
  const CgroupHierarchy pids = {CgroupVersion::kV1, "/cgroup/pids", {"pids"}};
  CgroupHierarchy elsewhere = pids;
  elsewhere.mount_point = "/mnt";
  CgroupHierarchy unified = pids;
  unified.version = CgroupVersion::kV2;
  CgroupHierarchy more = pids;
  more.controllers.emplace_back("cpu");

  const CgroupMounts mounts({pids});

  EXPECT_TRUE(mounts == CgroupMounts({pids}));
  for (const CgroupHierarchy& other : {elsewhere, unified, more}) {
    EXPECT_FALSE(mounts == CgroupMounts({other}));
  }
  EXPECT_FALSE(mounts == CgroupMounts({pids, pids}));
}

TEST(CgroupMountsTest, NamesTheLayout) {
  EXPECT_EQ(Mounts(kV1).LayoutName(), "v1");
  EXPECT_EQ(Mounts(kEmptyV2).LayoutName(), "v2");
  EXPECT_EQ(Mounts(std::string(kV1) + kEmptyV2).LayoutName(), "hybrid");
  EXPECT_EQ(Mounts("").LayoutName(), "none");
}

TEST(CgroupMountsTest, NamedHierarchyAloneMakesNoHybrid) {
  const std::string named =
      "32 31 0:29 / /c/systemd rw - cgroup cgroup rw,name=systemd\n";

  EXPECT_EQ(Mounts(named + kEmptyV2).LayoutName(), "v2");
  EXPECT_EQ(Mounts(named).LayoutName(), "none");
}

TEST(CgroupMountsDiscoverTest, ReadsControllersOfTheV2Mount) {
  FakeTree tree;
  tree.Write("cgroup/cgroup.controllers", "cpu memory pids\n");
  tree.Write("proc/self/mountinfo", "41 31 0:38 / " + tree.Path("cgroup") +
                                        " rw - cgroup2 cgroup2 rw\n");

  const auto mounts = CgroupMounts::Discover(tree.Path("proc"));

  ASSERT_THAT(mounts, IsOk());
  ASSERT_THAT(mounts->Unified(), NotNull());
  EXPECT_THAT(mounts->Unified()->controllers,
              ElementsAre("cpu", "memory", "pids"));
}

TEST(CgroupMountsDiscoverTest, HostWithoutCgroupsIsNoError) {
  FakeTree tree;
  tree.Write("self/mountinfo", "25 30 0:23 / /sys rw - sysfs sysfs rw\n");

  const auto mounts = CgroupMounts::Discover(tree.Path(""));

  ASSERT_THAT(mounts, IsOk());
  EXPECT_THAT(mounts->hierarchies(), IsEmpty());
}

TEST(CgroupMountsDiscoverTest, MissingProcfsIsNotFound) {
  EXPECT_THAT(CgroupMounts::Discover("/nowhere"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("mountinfo")));
}

TEST(LocateCgroupTest, FindsTheTwinOnHybridHosts) {
  const CgroupDirs dirs =
      LocateCgroup(Mounts(std::string(kV1) + kEmptyV2), "/reeve/web");

  ASSERT_TRUE(dirs.cpu && dirs.cpuacct && dirs.memory && dirs.pids);
  EXPECT_EQ(dirs.cpu->version, CgroupVersion::kV1);
  EXPECT_EQ(dirs.cpu->path, "/sys/fs/cgroup/cpu,cpuacct/reeve/web");
  EXPECT_EQ(dirs.cpuacct->path, "/sys/fs/cgroup/cpu,cpuacct/reeve/web");
  EXPECT_EQ(dirs.memory->path, "/sys/fs/cgroup/memory/reeve/web");
  EXPECT_EQ(dirs.pids->path, "/sys/fs/cgroup/pids/reeve/web");
  ASSERT_TRUE(dirs.unified);
  EXPECT_EQ(dirs.unified->version, CgroupVersion::kV2);
  EXPECT_EQ(dirs.unified->path, "/sys/fs/cgroup/unified/reeve/web");
}

TEST(LocateCgroupTest, HasOnlyWhatV2Offers) {
  const CgroupDirs dirs = LocateCgroup(
      CgroupMounts({{CgroupVersion::kV2, "/c", {"cpu", "memory"}}}), "/a");

  ASSERT_TRUE(dirs.cpu && dirs.memory && dirs.unified);
  EXPECT_EQ(dirs.cpu->path, "/c/a");
  EXPECT_FALSE(dirs.cpuacct);
  EXPECT_FALSE(dirs.pids);
}

TEST(LocateCgroupTest, IoIsCalledBlkioOnV1) {
  const CgroupMounts mounts({{CgroupVersion::kV1, "/v1/blkio", {"blkio"}},
                             {CgroupVersion::kV1, "/v1/cpuset", {"cpuset"}},
                             {CgroupVersion::kV2, "/v2", {"hugetlb"}}});

  const CgroupDirs dirs = LocateCgroup(mounts, "/a");

  ASSERT_TRUE(dirs.io && dirs.cpuset && dirs.hugetlb);
  EXPECT_EQ(dirs.io->version, CgroupVersion::kV1);
  EXPECT_EQ(dirs.io->path, "/v1/blkio/a");
  EXPECT_EQ(dirs.cpuset->path, "/v1/cpuset/a");
  EXPECT_EQ(dirs.hugetlb->path, "/v2/a");
}

TEST(LocateCgroupTest, RootIsTheMountPointItself) {
  const CgroupDirs dirs =
      LocateCgroup(CgroupMounts({{CgroupVersion::kV2, "/c", {}}}), "/");

  ASSERT_TRUE(dirs.unified);
  EXPECT_EQ(dirs.unified->path, "/c");
}

}  // namespace
}  // namespace reeve
