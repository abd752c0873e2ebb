#include "collectors/cgroups/cgroup_walk.h"

#include <sys/stat.h>
#include <unistd.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/as_nobody.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::Contains;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

// Remembers what it was told.
class RecordingVisitor final : public CgroupVisitor {
 public:
  bool Visit(absl::string_view path, uint64_t inode) override {
    last_ = std::string(path);
    inodes[last_] = inode;
    paths.push_back(last_);
    return leaves.count(last_) > 0;
  }
  void Learn(bool may_have_children) override {
    (may_have_children ? with_children : without).push_back(last_);
  }

  // Those that are taken to have none below them.
  std::set<std::string> leaves;
  std::map<std::string, uint64_t> inodes;
  std::vector<std::string> paths;
  std::vector<std::string> with_children;
  std::vector<std::string> without;

 private:
  std::string last_;
};

std::vector<std::string> PathsBelow(const std::string& mount_point,
                                    const absl::Status& expected) {
  RecordingVisitor visitor;
  const absl::Status walked = WalkCgroups(mount_point, visitor);
  EXPECT_EQ(walked.code(), expected.code()) << walked;
  return visitor.paths;
}

TEST(WalkCgroupsTest, VisitsEveryDirectoryAndNoFile) {
  FakeTree tree;
  tree.Write("cgroup.procs", "");
  tree.MakeDir("a/b/c");
  tree.MakeDir("a/d");
  tree.Write("a/d/cgroup.procs", "");
  tree.MakeDir("e");
  tree.MakeLink("link", tree.Path("a"));

  EXPECT_THAT(PathsBelow(tree.Path(""), absl::OkStatus()),
              UnorderedElementsAre("/", "/a", "/a/b", "/a/b/c", "/a/d", "/e"));
}

TEST(WalkCgroupsTest, TellsInodeNumbers) {
  FakeTree tree;
  tree.MakeDir("a/b");
  RecordingVisitor visitor;

  ASSERT_THAT(WalkCgroups(tree.Path(""), visitor), IsOk());

  struct stat info;
  ASSERT_EQ(stat(tree.Path("a/b").c_str(), &info), 0);
  EXPECT_EQ(visitor.inodes["/a/b"], info.st_ino);
  ASSERT_EQ(stat(tree.Path("").c_str(), &info), 0);
  EXPECT_EQ(visitor.inodes["/"], info.st_ino);
}

TEST(WalkCgroupsTest, WhatIsTakenToHaveNoneBelowItIsNotListed) {
  FakeTree tree;
  tree.MakeDir("a/b");
  tree.MakeDir("c/d");
  RecordingVisitor visitor;
  visitor.leaves = {"/a"};

  ASSERT_THAT(WalkCgroups(tree.Path(""), visitor), IsOk());

  EXPECT_THAT(visitor.paths, UnorderedElementsAre("/", "/a", "/c", "/c/d"));
  EXPECT_THAT(visitor.with_children, IsSupersetOf({"/", "/c"}));
  EXPECT_THAT(visitor.without, Not(Contains("/a")));
}

TEST(WalkCgroupsTest, DirectoryThatCannotBeReadIsAnErrorAndTheOthersAreThere) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  FakeTree tree;
  tree.MakeDir("a/hidden");
  tree.MakeDir("b/c");
  ASSERT_EQ(chmod(tree.Path("").c_str(), 0755), 0);
  ASSERT_EQ(chmod(tree.Path("a").c_str(), 0700), 0);
  const AsNobody as_nobody;

  EXPECT_THAT(PathsBelow(tree.Path(""), absl::PermissionDeniedError("")),
              UnorderedElementsAre("/", "/a", "/b", "/b/c"));
}

TEST(WalkCgroupsTest, MissingMountIsNotFound) {
  FakeTree tree;

  EXPECT_THAT(PathsBelow(tree.Path("none"), absl::NotFoundError("")),
              UnorderedElementsAre());
}

}  // namespace
}  // namespace reeve
