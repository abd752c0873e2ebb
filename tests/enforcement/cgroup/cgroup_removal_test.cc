#include "enforcement/cgroup/cgroup_removal.h"

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

TEST(RemoveCgroupDirectoryTest, RemovesChildrenFirst) {
  FakeTree tree;
  tree.MakeDir("web/a/b");
  tree.MakeDir("web/c");

  EXPECT_THAT(RemoveCgroupDirectory(tree.Path("web")), IsOk());

  EXPECT_FALSE(tree.Exists("web"));
}

TEST(RemoveCgroupDirectoryTest, WhatIsNotThereIsRemoved) {
  FakeTree tree;
  EXPECT_THAT(RemoveCgroupDirectory(tree.Path("web")), IsOk());
}

// A file stands for a process: it keeps its directory from being removed.
TEST(RemoveCgroupDirectoryTest, NamesWhatIsBusyAndRemovesTheRest) {
  FakeTree tree;
  tree.MakeDir("web/idle");
  tree.Write("web/busy/process", "");

  EXPECT_THAT(RemoveCgroupDirectory(tree.Path("web")),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr(tree.Path("web/busy"))));

  EXPECT_FALSE(tree.Exists("web/idle"));
  EXPECT_TRUE(tree.Exists("web/busy/process"));
}

}  // namespace
}  // namespace reeve
