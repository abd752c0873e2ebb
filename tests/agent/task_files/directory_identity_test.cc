#include "agent/task_files/directory_identity.h"

#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

TEST(DirectoryIdentityTest, IsThatOfTheDirectoryAndNotOfItsName) {
  FakeTree tree;
  tree.MakeDir("specs");
  tree.MakeDir("others");
  tree.MakeLink("link", tree.Path("specs"));
  const std::string specs = tree.Path("specs");

  EXPECT_TRUE(IsSameDirectory(specs, tree.Path("link")));
  EXPECT_TRUE(IsSameDirectory(tree.Path("others/./../specs"), specs));
  EXPECT_FALSE(IsSameDirectory(specs, tree.Path("others")));
  EXPECT_FALSE(IsSameDirectory(specs, tree.Path("gone")));
  EXPECT_TRUE(IsSameDirectory("/no/such", "/no/such"));
  EXPECT_TRUE(IsSameDirectory("", "/"));
}

TEST(DirectoryIdentityTest, WhatIsNotThereIsGone) {
  FakeTree tree;
  tree.Write("file", "");

  EXPECT_TRUE(IsGone(tree.Path("gone")));
  EXPECT_TRUE(IsGone(tree.Path("file/below")));
  EXPECT_FALSE(IsGone(tree.Path("file")));
  EXPECT_FALSE(IsGone(""));
}

}  // namespace
}  // namespace reeve
