#include "enforcement/shim/rotating_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

class RotatingLogTest : public ::testing::Test {
 protected:
  RotatingLogTest() {
    tree_.MakeDir("d");
    dir_ = tree_.OpenDir("d");
  }

  PlanLog Plan(uint64_t max_size, uint32_t max_files) {
    PlanLog plan;
    plan.dir_fd = dir_.get();
    plan.max_size = max_size;
    plan.max_files = max_files;
    std::strcpy(plan.name, "log");
    return plan;
  }

  static void Append(RotatingLog& log, const std::string& text) {
    log.Append(text.data(), text.size());
  }

  bool Exists(const std::string& name) {
    struct stat file;
    return fstatat(dir_.get(), name.c_str(), &file, AT_SYMLINK_NOFOLLOW) == 0;
  }

  FakeTree tree_;
  UniqueFd dir_;
};

TEST(BytesBeforeRotationTest, PrefersTheEndOfALine) {
  EXPECT_EQ(BytesBeforeRotation("ab\ncd", 5, 9, true, false), 5u);
  EXPECT_EQ(BytesBeforeRotation("ab\ncd", 5, 4, true, false), 3u);
  // Between two lines already.
  EXPECT_EQ(BytesBeforeRotation("abcde", 5, 4, true, false), 0u);
  // A line longer than a file is cut.
  EXPECT_EQ(BytesBeforeRotation("abcde", 5, 4, true, true), 4u);
  EXPECT_EQ(BytesBeforeRotation("abcde", 5, 4, false, false), 4u);
}

TEST_F(RotatingLogTest, KeepsSoManyFilesOfSuchASize) {
  RotatingLog log(Plan(10, 3), dir_.get());

  for (int i = 0; i < 7; ++i) Append(log, absl::StrCat("line", i, "\n"));

  EXPECT_EQ(tree_.Read("d/log"), "line6\n");
  EXPECT_EQ(tree_.Read("d/log.1"), "line5\n");
  EXPECT_EQ(tree_.Read("d/log.2"), "line4\n");
  EXPECT_FALSE(Exists("log.3"));
}

TEST_F(RotatingLogTest, OneFileIsEmptied) {
  RotatingLog log(Plan(10, 1), dir_.get());

  Append(log, "12345678\n");
  Append(log, "abc\n");

  EXPECT_EQ(tree_.Read("d/log"), "abc\n");
  EXPECT_FALSE(Exists("log.1"));
}

TEST_F(RotatingLogTest, WithoutALimitGrows) {
  RotatingLog log(Plan(0, 1), dir_.get());

  Append(log, std::string(100'000, 'x'));

  EXPECT_EQ(tree_.Read("d/log").size(), 100'000u);
}

TEST_F(RotatingLogTest, CountsWhatTheFileHasAlready) {
  tree_.Write("d/log", "old text\n");
  RotatingLog log(Plan(10, 2), dir_.get());

  Append(log, "new\n");

  EXPECT_EQ(tree_.Read("d/log.1"), "old text\n");
  EXPECT_EQ(tree_.Read("d/log"), "new\n");
}

TEST_F(RotatingLogTest, ASymlinkIsNotFollowedAndSaysSoOnce) {
  tree_.Write("target", "");
  ASSERT_EQ(symlinkat(tree_.Path("target").c_str(), dir_.get(), "log"), 0);
  RotatingLog log(Plan(0, 1), dir_.get());

  Append(log, "a\n");
  Append(log, "b\n");

  EXPECT_EQ(tree_.Read("target"), "");
  const std::string shim_log = tree_.Read("d/shim.log");
  EXPECT_THAT(shim_log, HasSubstr("output is lost"));
  EXPECT_EQ(shim_log.find('\n'), shim_log.size() - 1);
}

TEST_F(RotatingLogTest, GoesOnAndCountsTheLossOnceItCanBeWritten) {
  tree_.MakeDir("d/log");
  RotatingLog log(Plan(0, 1), dir_.get());
  Append(log, "12345\n");
  ASSERT_EQ(unlinkat(dir_.get(), "log", AT_REMOVEDIR), 0);

  Append(log, "b\n");

  EXPECT_EQ(tree_.Read("d/log"), "b\n");
  EXPECT_THAT(tree_.Read("d/shim.log"), HasSubstr("bytes of output lost: 6"));
}

TEST_F(RotatingLogTest, ARotationThatFailsNeverExceedsTheLimit) {
  tree_.MakeDir("d/log.1");
  RotatingLog log(Plan(10, 2), dir_.get());

  for (int i = 0; i < 9; ++i) Append(log, "12345678\n");

  EXPECT_EQ(tree_.Read("d/log").size(), 9u);
  EXPECT_THAT(tree_.Read("d/shim.log"), HasSubstr("output is lost"));
}

}  // namespace
}  // namespace reeve
