#include "collectors/cgroup/v2/io_stat.h"

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

TEST(ParseIoStatV2Test, EachDeviceIsALine) {
  const auto devices = ParseIoStatV2(
      "254:0 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=1024 dios=3\n"
      "7:1 rbytes=0 wbytes=0 rios=0 wios=0 dbytes=0 dios=0\n");

  ASSERT_THAT(devices, IsOkAndHolds(SizeIs(2)));
  const DeviceIo& first = devices->front();
  EXPECT_EQ(first.device, "254:0");
  EXPECT_THAT(first.read_bytes, Optional(4096u));
  EXPECT_THAT(first.write_bytes, Optional(8192u));
  EXPECT_THAT(first.discard_bytes, Optional(1024u));
  EXPECT_THAT(first.read_operations, Optional(1u));
  EXPECT_THAT(first.write_operations, Optional(2u));
  EXPECT_THAT(first.discard_operations, Optional(3u));
  EXPECT_EQ(devices->back().device, "7:1");
  EXPECT_THAT(devices->back().read_bytes, Optional(0u));
}

TEST(ParseIoStatV2Test, ACgroupWithoutTrafficHasAnEmptyFile) {
  EXPECT_THAT(ParseIoStatV2(""), IsOkAndHolds(IsEmpty()));
}

TEST(ParseIoStatV2Test, OtherKeysArePassedOver) {
  const auto devices = ParseIoStatV2(
      "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6 "
      "cost.vrate=100.00 cost.usage=12 use_delay=3\n");

  ASSERT_THAT(devices, IsOkAndHolds(SizeIs(1)));
  EXPECT_THAT(devices->front().discard_operations, Optional(6u));
}

TEST(ParseIoStatV2Test, WhatIsNotToldIsAbsent) {
  const auto devices = ParseIoStatV2("8:0 rbytes=1 rios=3\n8:16 \n");

  ASSERT_THAT(devices, IsOkAndHolds(SizeIs(2)));
  EXPECT_EQ(devices->front().write_bytes, std::nullopt);
  EXPECT_EQ(devices->back().read_bytes, std::nullopt);
}

// As some 5.x kernels print them.
TEST(ParseIoStatV2Test, DevicesWithoutValuesMayStandBeforeAnotherOnItsLine) {
  const auto devices =
      ParseIoStatV2("7:7 7:6 8:0 rbytes=5 wbytes=0 rios=1 wios=0\n");

  ASSERT_THAT(devices, IsOkAndHolds(SizeIs(1)));
  EXPECT_EQ(devices->front().device, "8:0");
  EXPECT_THAT(devices->front().read_bytes, Optional(5u));
}

TEST(ParseIoStatV2Test, OneOddLineCostsNoOther) {
  const auto devices = ParseIoStatV2(
      "(unknown) rbytes=5 wbytes=0\n"
      "8:16 rbytes=much\n"
      "8:0 rbytes=7\n");

  ASSERT_THAT(devices, IsOkAndHolds(SizeIs(1)));
  EXPECT_EQ(devices->front().device, "8:0");
}

TEST(ParseIoStatV2Test, RefusesWhatIsOddThroughout) {
  for (const std::string contents :
       {"rbytes=5\n", "8:0 rbytes=-1\n", "8:0 rbytes=\n", "some words\n",
        "8:x rbytes=1\n"}) {
    EXPECT_THAT(ParseIoStatV2(contents), StatusIs(absl::StatusCode::kDataLoss))
        << contents;
  }
}

}  // namespace
}  // namespace reeve
