#include "collectors/procfs/process_file.h"

#include <limits>

#include "base/unique_fd.h"
#include "collectors/procfs/pid_stat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

TEST(ProcessFilePathTest, IsThatBelowProc) {
  EXPECT_STREQ(ProcessFilePath(1, "stat").c_str(), "1/stat");
  EXPECT_STREQ(
      ProcessFilePath(std::numeric_limits<pid_t>::min(), "status").c_str(),
      "-2147483648/status");
}

class ReadProcessFileTest : public ::testing::Test {
 protected:
  FakeTree proc_;
  const UniqueFd fd_ = proc_.OpenDir("");
  ReadBuffer buffer_;
};

TEST_F(ReadProcessFileTest, ParsesWhatTheFileHolds) {
  proc_.Write("12/stat",
              "12 (b) S 1 1 1 0 -1 4 9 2 0 3 15 42 5 6 20 0 3 0 8301200\n");

  const auto stat =
      ReadProcessFile(fd_.get(), 12, "stat", buffer_, ParsePidStat);

  ASSERT_THAT(stat, IsOk());
  EXPECT_EQ(stat->stime, 42u);
}

TEST_F(ReadProcessFileTest, ProcessThatHasEndedIsNotFound) {
  EXPECT_THAT(ReadProcessFile(fd_.get(), 12, "stat", buffer_, ParsePidStat),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(ReadProcessFileTest, MalformedFileIsNamed) {
  proc_.Write("12/stat", "12 12\n");

  EXPECT_THAT(
      ReadProcessFile(fd_.get(), 12, "stat", buffer_, ParsePidStat),
      StatusIs(absl::StatusCode::kDataLoss, HasSubstr("parse 12/stat")));
}

}  // namespace
}  // namespace reeve
