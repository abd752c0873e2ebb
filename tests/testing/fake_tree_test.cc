#include "tests/testing/fake_tree.h"

#include <string>

#include "base/file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

TEST(FakeTreeTest, HoldsWhatWasWrittenAndMakesParents) {
  FakeTree tree;
  tree.Write("web/1/cpu.stat", "usage_usec 5\n");

  EXPECT_THAT(ReadFileAt(tree.OpenDir("web/1").get(), "cpu.stat"),
              IsOkAndHolds("usage_usec 5\n"));
  EXPECT_EQ(tree.Read("web/1/cpu.stat"), "usage_usec 5\n");
}

TEST(FakeTreeTest, RewritesInPlaceUnderOpenDescriptors) {
  FakeTree tree;
  tree.Write("memory.current", "1\n");
  const auto fd = OpenAt(tree.OpenDir("").get(), "memory.current", 0);
  ASSERT_THAT(fd, IsOk());

  tree.Write("memory.current", "2\n");

  char c = 0;
  ASSERT_EQ(pread(fd->get(), &c, 1, 0), 1);
  EXPECT_EQ(c, '2');
}

TEST(FakeTreeTest, LeavesNothingBehind) {
  std::string path;
  {
    FakeTree tree;
    tree.Write("a/b", "");
    path = tree.Path("a/b");
  }
  EXPECT_THAT(ReadFile(path), StatusIs(absl::StatusCode::kNotFound,
                                       testing::HasSubstr("open")));
}

}  // namespace
}  // namespace reeve
