#include "enforcement/cgroup/cgroup_parent.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(MissingParentsTest, AreThoseOfAnyHierarchyTheLowestFirst) {
  FakeTree tree;
  tree.MakeDir("memory/a/b");
  tree.MakeDir("unified/a");
  const CgroupMounts mounts(
      {{CgroupVersion::kV1, tree.Path("memory"), {"memory"}},
       {CgroupVersion::kV2, tree.Path("unified"), {}}});

  EXPECT_THAT(MissingParents(mounts, "/a"), IsEmpty());
  EXPECT_THAT(MissingParents(mounts, "/a/b/c"), ElementsAre("/a/b/c", "/a/b"));
  EXPECT_THAT(MissingParents(mounts, "/"), IsEmpty());
}

}  // namespace
}  // namespace reeve
