#include "collectors/cgroups/cgroup_walk.h"

#include <sys/stat.h>
#include <unistd.h>

#include <map>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/as_nobody.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::UnorderedElementsAre;

std::vector<std::string> PathsBelow(const std::string& mount_point,
                                    const absl::Status& expected) {
  std::vector<std::string> paths;
  const absl::Status walked = WalkCgroups(
      mount_point,
      [&paths](absl::string_view path, uint64_t) { paths.emplace_back(path); });
  EXPECT_EQ(walked.code(), expected.code()) << walked;
  return paths;
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
  std::map<std::string, uint64_t> inodes;

  ASSERT_THAT(WalkCgroups(tree.Path(""),
                          [&inodes](absl::string_view path, uint64_t inode) {
                            inodes[std::string(path)] = inode;
                          }),
              IsOk());

  struct stat info;
  ASSERT_EQ(stat(tree.Path("a/b").c_str(), &info), 0);
  EXPECT_EQ(inodes["/a/b"], info.st_ino);
  ASSERT_EQ(stat(tree.Path("").c_str(), &info), 0);
  EXPECT_EQ(inodes["/"], info.st_ino);
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
