#include "enforcement/cgroup/subtree_control.h"

#include <sys/stat.h>
#include <unistd.h>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/as_nobody.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
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

TEST(EnableControllersTest, WhatTheLastLevelGivesIsNotAskedForAbove) {
  FakeTree tree;
  // As a process may see it that cannot read all that is above it.
  tree.MakeDir("a");
  tree.Write("a/b/cgroup.subtree_control", "memory pids\n");

  EXPECT_THAT(EnableControllers(tree.Path(""), "/a/b", {"pids", "memory"}),
              IsOk());
}

TEST(EnableControllersTest, NamesTheLevelThatBelongsToSomebodyElse) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  FakeTree tree;
  ASSERT_EQ(chmod(tree.Path("").c_str(), 0755), 0);
  tree.Write("cgroup.subtree_control", "cpu memory\n");
  tree.Write("a/cgroup.subtree_control", "memory\n");
  tree.Write("a/b/cgroup.subtree_control", "\n");
  const AsNobody as_nobody;

  EXPECT_THAT(
      EnableControllers(tree.Path(""), "/a/b", {"cpu", "memory"}),
      StatusIs(absl::StatusCode::kPermissionDenied,
               AllOf(HasSubstr("enable cpu below cgroup " + tree.Path("a:")),
                     HasSubstr("user 65534 may not write"))));
}

TEST(EnableControllersTest, AMissingCgroupIsNotFound) {
  FakeTree tree;
  tree.Write("cgroup.subtree_control", "pids\n");
  EXPECT_THAT(EnableControllers(tree.Path(""), "/reeve", {"pids"}),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("/reeve")));
}

}  // namespace
}  // namespace reeve
