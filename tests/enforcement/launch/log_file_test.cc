#include "enforcement/launch/log_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

LogFiles Rotation() {
  LogFiles rotation;
  rotation.max_size = 8192;
  rotation.max_files = 3;
  return rotation;
}

TEST(OpenLogFileTest, AppendsToAFileAndKnowsItsDirectory) {
  FakeTree tree;
  tree.Write("d/log", "old ");

  const absl::StatusOr<LogTarget> log =
      OpenLogFile(tree.Path("d/log"), Rotation());

  ASSERT_THAT(log, IsOk());
  EXPECT_EQ(write(log->file.get(), "new", 3), 3);
  EXPECT_EQ(tree.Read("d/log"), "old new");
  EXPECT_EQ(log->name, "log");
  EXPECT_EQ(log->max_size, 8192u);
  EXPECT_EQ(log->max_files, 3u);
  struct stat by_dir;
  EXPECT_EQ(fstatat(log->dir.get(), "log", &by_dir, 0), 0);
}

TEST(OpenLogFileTest, RefusesWhatIsNoRegularFile) {
  FakeTree tree;
  tree.Write("target", "");
  tree.MakeLink("link", tree.Path("target"));
  ASSERT_EQ(mkfifo(tree.Path("fifo").c_str(), 0600), 0);

  EXPECT_THAT(OpenLogFile(tree.Path("link"), Rotation()),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("symbolic link")));
  // Without a reader, too: nobody waits for one.
  EXPECT_FALSE(OpenLogFile(tree.Path("fifo"), Rotation()).ok());
  EXPECT_THAT(OpenLogFile("/dev/zero", Rotation()),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("not a regular file")));
}

TEST(OpenLogFileTest, RefusesANameWithoutRoomForASuffix) {
  FakeTree tree;
  tree.MakeDir("d");

  EXPECT_THAT(OpenLogFile(tree.Path("d/" + std::string(253, 'n')), Rotation()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("252")));
}

}  // namespace
}  // namespace reeve
