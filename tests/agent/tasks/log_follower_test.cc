#include "agent/tasks/log_follower.h"

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

class LogFollowerTest : public ::testing::Test {
 protected:
  LogFollowerTest() { tree_.MakeDir("d"); }

  LogFollower Follow(uint32_t max_files = 3) {
    return LogFollower(tree_.OpenDir("d"), "log", max_files);
  }

  // All that there is now.
  static std::string ReadAll(LogFollower& follower) {
    std::string all;
    while (true) {
      const absl::StatusOr<std::string> bytes = follower.Read();
      EXPECT_THAT(bytes, IsOk());
      if (!bytes.ok() || bytes->empty()) return all;
      all += *bytes;
    }
  }

  std::string Tail(uint64_t lines) {
    LogFollower follower = Follow();
    EXPECT_THAT(follower.Begin(lines), IsOk());
    return ReadAll(follower);
  }

  void Rotate() {
    std::rename(tree_.Path("d/log.1").c_str(), tree_.Path("d/log.2").c_str());
    std::rename(tree_.Path("d/log").c_str(), tree_.Path("d/log.1").c_str());
  }

  FakeTree tree_;
};

TEST_F(LogFollowerTest, ReadsTheOldestFileFirst) {
  tree_.Write("d/log", "3\n");
  tree_.Write("d/log.1", "2\n");
  tree_.Write("d/log.2", "1\n");
  LogFollower follower = Follow();
  ASSERT_THAT(follower.Begin(std::nullopt), IsOk());

  EXPECT_EQ(ReadAll(follower), "1\n2\n3\n");
}

TEST_F(LogFollowerTest, AMissingLogIsEmptyAndMayComeLater) {
  LogFollower follower = Follow();
  ASSERT_THAT(follower.Begin(std::nullopt), IsOk());
  EXPECT_EQ(ReadAll(follower), "");

  tree_.Write("d/log", "x\n");

  EXPECT_EQ(ReadAll(follower), "x\n");
}

TEST_F(LogFollowerTest, GoesOnWhereItWasAcrossRotations) {
  tree_.Write("d/log", "1\n");
  LogFollower follower = Follow();
  ASSERT_THAT(follower.Begin(std::nullopt), IsOk());
  EXPECT_EQ(ReadAll(follower), "1\n");

  // More in the same file, then two files more.
  tree_.Write("d/log", "1\n2\n");
  Rotate();
  tree_.Write("d/log", "3\n");
  Rotate();
  tree_.Write("d/log", "4\n");

  EXPECT_EQ(ReadAll(follower), "2\n3\n4\n");
}

TEST_F(LogFollowerTest, PassesOverWhatIsGone) {
  tree_.Write("d/log", "1\n");
  LogFollower follower = Follow(2);
  ASSERT_THAT(follower.Begin(std::nullopt), IsOk());
  EXPECT_EQ(ReadAll(follower), "1\n");

  tree_.Remove("d/log");
  tree_.Write("d/log.1", "8\n");
  tree_.Write("d/log", "9\n");

  EXPECT_EQ(ReadAll(follower), "8\n9\n");
}

TEST_F(LogFollowerTest, TailCountsLinesOverFiles) {
  tree_.Write("d/log.2", "1\n2\n");
  tree_.Write("d/log.1", "3\n4\n");
  tree_.Write("d/log", "5\n6");

  EXPECT_EQ(Tail(0), "");
  EXPECT_EQ(Tail(1), "6");
  EXPECT_EQ(Tail(2), "5\n6");
  EXPECT_EQ(Tail(3), "4\n5\n6");
  EXPECT_EQ(Tail(100), "1\n2\n3\n4\n5\n6");
}

TEST_F(LogFollowerTest, ASymlinkIsNotRead) {
  tree_.Write("secret", "secret");
  tree_.MakeLink("d/log", tree_.Path("secret"));
  LogFollower follower = Follow();
  ASSERT_THAT(follower.Begin(std::nullopt), IsOk());

  EXPECT_EQ(ReadAll(follower), "");
}

}  // namespace
}  // namespace reeve
