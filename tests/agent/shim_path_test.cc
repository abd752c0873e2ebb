#include "agent/shim_path.h"

#include <sys/stat.h>

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

std::string MakeProgram(FakeTree* tree, const std::string& path) {
  tree->Write(path, "program");
  EXPECT_EQ(chmod(tree->Path(path).c_str(), 0755), 0);
  return tree->Path(path);
}

TEST(FindShimTest, TakesTheOneThatIsGiven) {
  FakeTree tree;
  const std::string shim = MakeProgram(&tree, "elsewhere/shim");

  EXPECT_THAT(FindShim(shim), IsOkAndHolds(shim));
}

TEST(FindShimTest, OneThatIsGivenAndMissingIsNotReplaced) {
  FakeTree tree;
  MakeProgram(&tree, "bin/reeve-shim");

  EXPECT_THAT(FindShim(tree.Path("bin/other")),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("bin/other is")));
}

TEST(FindShimTest, TheOneBesideTheProgramComesFirst) {
  FakeTree tree;
  const std::string beside = MakeProgram(&tree, "bin/reeve-shim");
  MakeProgram(&tree, "libexec/reeve/reeve-shim");

  EXPECT_THAT(FindShimNear(tree.Path("bin")), IsOkAndHolds(beside));
}

TEST(FindShimTest, AnInstalledProgramHasItInLibexec) {
  FakeTree tree;
  tree.MakeDir("usr/bin");
  const std::string shim = MakeProgram(&tree, "usr/libexec/reeve/reeve-shim");

  EXPECT_THAT(FindShimNear(tree.Path("usr/bin")), IsOkAndHolds(shim));
}

TEST(FindShimTest, AFileThatCannotBeExecutedIsNone) {
  FakeTree tree;
  tree.Write("bin/reeve-shim", "text");

  EXPECT_THAT(
      FindShimNear(tree.Path("bin")),
      StatusIs(absl::StatusCode::kNotFound,
               HasSubstr("bin/reeve-shim is not an executable file: install")));
}

}  // namespace
}  // namespace reeve
