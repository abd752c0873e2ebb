#include "collectors/cgroup/v1/blkio_stat.h"

#include <optional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;

TEST(ParseBlkioStatTest, LinesOfADeviceBecomeOne) {
  const auto devices = ParseBlkioStat(
      "254:0 Read 2097152\n"
      "254:0 Write 4194304\n"
      "254:0 Sync 6291456\n"
      "254:0 Async 0\n"
      "254:0 Discard 1024\n"
      "254:0 Total 6291456\n"
      "7:0 Read 512\n"
      "7:0 Write 0\n"
      "7:0 Sync 512\n"
      "7:0 Async 0\n"
      "7:0 Discard 0\n"
      "7:0 Total 512\n"
      "Total 6291968\n");

  ASSERT_THAT(devices, IsOkAndHolds(SizeIs(2)));
  EXPECT_EQ(devices->front().device, "254:0");
  EXPECT_THAT(devices->front().read, Optional(2097152u));
  EXPECT_THAT(devices->front().write, Optional(4194304u));
  EXPECT_THAT(devices->front().discard, Optional(1024u));
  EXPECT_EQ(devices->back().device, "7:0");
  EXPECT_THAT(devices->back().read, Optional(512u));
}

TEST(ParseBlkioStatTest, NothingButATotalIsNoDevice) {
  EXPECT_THAT(ParseBlkioStat("Total 0\n"), IsOkAndHolds(IsEmpty()));
}

// As before Linux 4.20.
TEST(ParseBlkioStatTest, OldKernelsDoNotTellOfDiscards) {
  const auto devices = ParseBlkioStat("8:0 Read 1\n8:0 Write 2\n8:0 Total 3\n");

  ASSERT_THAT(devices, IsOkAndHolds(SizeIs(1)));
  EXPECT_THAT(devices->front().write, Optional(2u));
  EXPECT_EQ(devices->front().discard, std::nullopt);
}

TEST(ParseBlkioStatTest, RefusesWhatIsNotANumber) {
  for (const std::string contents :
       {"8:0 Read much\n", "8:0 Write -1\n", "8:0 Discard \n"}) {
    EXPECT_THAT(ParseBlkioStat(contents), StatusIs(absl::StatusCode::kDataLoss))
        << contents;
  }
}

}  // namespace
}  // namespace reeve
