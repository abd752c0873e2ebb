#include "collectors/cgroups/measured_hierarchies.h"

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(ChangeOfTest, TellsWhatBecameOfACgroup) {
  EXPECT_EQ(ChangeOf({7, 8}, {7, 8}), PlaceChange::kNone);
  EXPECT_EQ(ChangeOf({7}, {7, 8}), PlaceChange::kMoved);
  EXPECT_EQ(ChangeOf({7, 8}, {7}), PlaceChange::kMoved);
  EXPECT_EQ(ChangeOf({7, 8}, {7, 9}), PlaceChange::kAnew);
  EXPECT_EQ(ChangeOf({7, 8}, {0, 9}), PlaceChange::kAnew);
  EXPECT_EQ(ChangeOf({7, 8}, {}), PlaceChange::kGone);
}

TEST(MeasuredHierarchiesTest, OnV2ThereIsOne) {
  const MeasuredHierarchies hierarchies(
      CgroupMounts({{CgroupVersion::kV2, "/cg", {"cpu", "memory", "pids"}}}));

  ASSERT_EQ(hierarchies.all().size(), 1u);
  const CgroupDirs dirs = hierarchies.DirsOf("/a", {1});
  EXPECT_EQ(dirs.cpu->path, "/cg/a");
  EXPECT_EQ(dirs.memory->path, "/cg/a");
  EXPECT_EQ(dirs.unified->path, "/cg/a");
  EXPECT_FALSE(dirs.cpuacct.has_value());
  EXPECT_FALSE(dirs.io.has_value());
}

TEST(MeasuredHierarchiesTest, OnHybridHostsEachIsWalkedOnce) {
  const MeasuredHierarchies hierarchies(
      CgroupMounts({{CgroupVersion::kV1, "/cg/cpu", {"cpu", "cpuacct"}},
                    {CgroupVersion::kV1, "/cg/blkio", {"blkio"}},
                    {CgroupVersion::kV1, "/cg/memory", {"memory"}},
                    {CgroupVersion::kV2, "/cg/unified", {}}}));

  ASSERT_EQ(hierarchies.all().size(), 3u);
  EXPECT_EQ(hierarchies.all()[0]->mount_point, "/cg/cpu");
  EXPECT_EQ(hierarchies.all()[1]->mount_point, "/cg/memory");
  EXPECT_EQ(hierarchies.all()[2]->mount_point, "/cg/unified");
}

TEST(MeasuredHierarchiesTest, DirectoriesAreThoseThatThereAre) {
  const MeasuredHierarchies hierarchies(
      CgroupMounts({{CgroupVersion::kV1, "/cg/cpu", {"cpu", "cpuacct"}},
                    {CgroupVersion::kV1, "/cg/memory", {"memory"}},
                    {CgroupVersion::kV2, "/cg/unified", {}}}));

  const CgroupDirs dirs = hierarchies.DirsOf("/a/b", {0, 5, 0});

  EXPECT_EQ(dirs.memory->path, "/cg/memory/a/b");
  EXPECT_EQ(dirs.memory->version, CgroupVersion::kV1);
  EXPECT_FALSE(dirs.cpu.has_value());
  EXPECT_FALSE(dirs.cpuacct.has_value());
  EXPECT_FALSE(dirs.unified.has_value());
}

}  // namespace
}  // namespace reeve
