#include "enforcement/cgroup/subtree_control.h"

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

TEST(EnableControllersTest, WritesInOneGoWhatIsMissingAtEachLevel) {
  FakeTree tree;
  tree.Write("cgroup.subtree_control", "cpuset memory\n");
  tree.Write("reeve/cgroup.subtree_control", "");

  ASSERT_THAT(
      EnableControllers(tree.Path(""), "/reeve", {"cpu", "memory", "pids"}),
      IsOk());

  EXPECT_THAT(tree.Read("cgroup.subtree_control"), HasSubstr("+cpu +pids"));
  EXPECT_EQ(tree.Read("reeve/cgroup.subtree_control"), "+cpu +memory +pids");
}

TEST(EnableControllersTest, WritesNothingWhereAllAreEnabled) {
  FakeTree tree;
  tree.Write("cgroup.subtree_control", "cpu memory pids\n");

  ASSERT_THAT(EnableControllers(tree.Path(""), "", {"pids", "cpu"}), IsOk());

  EXPECT_EQ(tree.Read("cgroup.subtree_control"), "cpu memory pids\n");
}

TEST(EnableControllersTest, AMissingCgroupIsNotFound) {
  FakeTree tree;
  tree.Write("cgroup.subtree_control", "pids\n");
  EXPECT_THAT(EnableControllers(tree.Path(""), "/reeve", {"pids"}),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("/reeve")));
}

}  // namespace
}  // namespace reeve
