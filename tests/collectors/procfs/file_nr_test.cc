#include "collectors/procfs/file_nr.h"

#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

TEST(ParseFileNrTest, ReadsOpenFilesAndTheirLimit) {
  const auto file_nr = ParseFileNr("725\t0\t2466183\n");

  ASSERT_THAT(file_nr, IsOk());
  EXPECT_EQ(file_nr->open, 725u);
  EXPECT_EQ(file_nr->max, 2466183u);
}

TEST(ParseFileNrTest, UnusedOnesAreNotOpen) {
  const auto file_nr = ParseFileNr("725\t25\t9223372036854775807\n");

  ASSERT_THAT(file_nr, IsOk());
  EXPECT_EQ(file_nr->open, 700u);
  EXPECT_EQ(file_nr->max, 9223372036854775807u);
}

TEST(ParseFileNrTest, RefusesWhatHasNoThreeNumbers) {
  for (const char* contents : {"", "725\t0\n", "725\t0\tmax\n", "5 6 7\n"}) {
    EXPECT_THAT(ParseFileNr(contents), StatusIs(absl::StatusCode::kDataLoss))
        << contents;
  }
}

}  // namespace
}  // namespace reeve
