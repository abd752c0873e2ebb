#include "collectors/procfs/pid_io.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

TEST(ParsePidIoTest, TakesWhatReachesStorage) {
  const auto io = ParsePidIo(
      "rchar: 3980\nwchar: 11\nsyscr: 9\nsyscw: 1\nread_bytes: 4096\n"
      "write_bytes: 323932160\ncancelled_write_bytes: 8192\n");

  ASSERT_THAT(io, IsOk());
  EXPECT_EQ(io->read_bytes, 4096u);
  EXPECT_EQ(io->write_bytes, 323'932'160u);
}

TEST(ParsePidIoTest, RefusesMalformedContents) {
  for (const char* contents :
       {"", "\n", "read_bytes: 1\n", "write_bytes: 1\n",
        "read_bytes: 1\nwrite_bytes: x\n", "read_bytes: \nwrite_bytes: 1\n",
        "read_bytes: -1\nwrite_bytes: 1\n", "read_bytes 1\nwrite_bytes 1\n"}) {
    SCOPED_TRACE(contents);
    EXPECT_THAT(ParsePidIo(contents), StatusIs(absl::StatusCode::kDataLoss));
  }
}

}  // namespace
}  // namespace reeve
