#include "base/open_in_root.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/regular_file.h"
#include "base/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

class OpenInRootTest : public ::testing::Test {
 protected:
  void SetUp() override {
    tree_.Write("etc/passwd", "outside");
    tree_.Write("root/etc/passwd", "inside");
    root_ = tree_.OpenDir("root");
  }

  // What the file holds that is opened.
  absl::StatusOr<std::string> Read(const std::string& path) {
    const absl::StatusOr<UniqueFd> fd = OpenInRoot(root_.get(), path, O_RDONLY);
    if (!fd.ok()) return fd.status();
    return ReadRegularFile(fd->get(), path, 100);
  }

  FakeTree tree_;
  UniqueFd root_;
};

TEST_F(OpenInRootTest, PathsBeginAtTheRoot) {
  EXPECT_THAT(Read("etc/passwd"), IsOkAndHolds("inside"));
  EXPECT_THAT(Read("/etc/passwd"), IsOkAndHolds("inside"));
}

TEST_F(OpenInRootTest, NothingLeadsOut) {
  tree_.MakeLink("root/absolute", "/etc/passwd");
  tree_.MakeLink("root/relative", "../../../etc/passwd");
  tree_.MakeLink("root/folder", "..");

  for (const char* path :
       {"../etc/passwd", "/../../etc/passwd", "absolute", "relative",
        "folder/etc/passwd", "folder/../etc/passwd"}) {
    EXPECT_THAT(Read(path), IsOkAndHolds("inside")) << path;
  }
}

TEST_F(OpenInRootTest, LinksOfProcAreNotFollowed) {
  const UniqueFd outside(
      open(tree_.Path("etc").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  const UniqueFd system_root(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));

  EXPECT_THAT(
      OpenInRoot(system_root.get(),
                 absl::StrCat("proc/self/fd/", outside.get(), "/passwd"),
                 O_RDONLY),
      StatusIs(absl::StatusCode::kUnknown, HasSubstr("symbolic links")));
}

TEST_F(OpenInRootTest, WhatIsMissingIsNotFound) {
  tree_.MakeLink("root/dangling", "/none");

  EXPECT_THAT(Read("none"), StatusIs(absl::StatusCode::kNotFound,
                                     HasSubstr("open none in a root")));
  EXPECT_THAT(Read("dangling"), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(OpenInRootTest, TheDescriptorIsClosedOnExec) {
  const absl::StatusOr<UniqueFd> fd =
      OpenInRoot(root_.get(), "etc", O_PATH | O_DIRECTORY);

  ASSERT_THAT(fd, IsOk());
  EXPECT_EQ(fcntl(fd->get(), F_GETFD), FD_CLOEXEC);
}

}  // namespace
}  // namespace reeve
