#include "agent/cli/device_limit_flags.h"

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

TEST(SetIoMaxTest, TakesTheRatesOfADevice) {
  v1::Limits limits;
  EXPECT_THAT(
      SetIoMax("/dev/sda,rbps=1M,wbps=max,riops=100,wiops=max", &limits),
      IsOk());
  EXPECT_EQ(limits.ShortDebugString(),
            R"(io_max { device: "/dev/sda" read_bps: 1048576 write_bps: 0 )"
            R"(read_iops: 100 write_iops: 0 })");
}

TEST(SetIoMaxTest, EachDeviceHasItsOwn) {
  v1::Limits limits;
  ASSERT_THAT(SetIoMax("8:0,rbps=1K", &limits), IsOk());
  ASSERT_THAT(SetIoMax("8:16,wiops=7", &limits), IsOk());
  ASSERT_THAT(SetIoMax("8:0,rbps=2K,wiops=9", &limits), IsOk());

  EXPECT_EQ(limits.ShortDebugString(),
            R"(io_max { device: "8:0" read_bps: 2048 write_iops: 9 } )"
            R"(io_max { device: "8:16" write_iops: 7 })");
}

TEST(SetIoMaxTest, RefusesWhatItCannotTake) {
  for (const char* text :
       {"", "8:0", ",rbps=1M", "8:0,", "8:0,rbps", "8:0,rbps=", "8:0,bps=1M",
        "8:0,rbps=1M,rbps=2M", "8:0,riops=1M", "8:0,rbps=0", "8:0,riops=0",
        "8:0,rbps=-1"}) {
    v1::Limits limits;
    EXPECT_THAT(SetIoMax(text, &limits),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << text;
  }
  v1::Limits limits;
  EXPECT_THAT(SetIoMax("8:0,bps=1M", &limits),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("bps: not a rate: use rbps, wbps")));
}

TEST(SetHugetlbTest, EachPageSizeHasItsOwn) {
  v1::Limits limits;
  ASSERT_THAT(SetHugetlb("2MB=64M", &limits), IsOk());
  ASSERT_THAT(SetHugetlb("1GB=max", &limits), IsOk());
  EXPECT_EQ(limits.ShortDebugString(),
            R"(hugetlb { page_size: "2MB" bytes: 67108864 } )"
            R"(hugetlb { page_size: "1GB" unlimited: true })");
  ASSERT_THAT(SetHugetlb("1GB=0", &limits), IsOk());
  ASSERT_THAT(SetHugetlb("2MB=max", &limits), IsOk());
  EXPECT_EQ(limits.ShortDebugString(),
            R"(hugetlb { page_size: "2MB" unlimited: true } )"
            R"(hugetlb { page_size: "1GB" bytes: 0 })");
}

TEST(SetHugetlbTest, RefusesWhatItCannotTake) {
  for (const char* text : {"", "2MB", "=64M", "2MB=", "2MB=x", "64M"}) {
    v1::Limits limits;
    EXPECT_THAT(SetHugetlb(text, &limits),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << text;
  }
}

}  // namespace
}  // namespace reeve
