#include "collectors/procfs/diskstats.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(ParseDiskstatsTest, EachDeviceIsALine) {
  const auto disks = ParseDiskstats(
      "   7       0 loop0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"
      " 254       0 vda 33842 6537 2676866 36603 20526 19257 2613472 10937 2 "
      "15192 48212 5994 55 375088 538 2666 133\n");

  ASSERT_THAT(disks, IsOkAndHolds(SizeIs(2)));
  EXPECT_EQ(disks->front().device, "loop0");
  const DiskCounters& vda = disks->back();
  EXPECT_EQ(vda.device, "vda");
  EXPECT_EQ(vda.read.operations, 33842u);
  EXPECT_EQ(vda.read.bytes, 2676866u * 512);
  EXPECT_EQ(vda.read.time_ns, 36603'000'000u);
  EXPECT_EQ(vda.written.operations, 20526u);
  EXPECT_EQ(vda.written.bytes, 2613472u * 512);
  EXPECT_EQ(vda.written.time_ns, 10937'000'000u);
  EXPECT_EQ(vda.busy_ns, 15192'000'000u);
  EXPECT_EQ(vda.weighted_ns, 48212'000'000u);
}

TEST(ParseDiskstatsTest, OlderKernelsCountNoDiscards) {
  const auto disks = ParseDiskstats("8 0 sda 1 2 3 4 5 6 7 8 9 10 11\n");

  ASSERT_THAT(disks, IsOkAndHolds(SizeIs(1)));
  EXPECT_EQ(disks->front().written.bytes, 7u * 512);
  EXPECT_EQ(disks->front().weighted_ns, 11'000'000u);
}

TEST(ParseDiskstatsTest, MachineMayHaveNoDevices) {
  EXPECT_THAT(ParseDiskstats(""), IsOkAndHolds(IsEmpty()));
}

TEST(ParseDiskstatsTest, RefusesWhatIsNoDevice) {
  for (const char* contents : {
           "8 0 sda 1 2 3 4 5 6 7 8 9 10\n",
           "8 0 sda 1 2 3 4 5 6 7 8 9 10 x\n",
           "8 0 sda 1 2 3 4 5 6 7 8 9 10 -1\n",
           "sda\n",
       }) {
    EXPECT_THAT(ParseDiskstats(contents), StatusIs(absl::StatusCode::kDataLoss))
        << contents;
  }
}

}  // namespace
}  // namespace reeve
