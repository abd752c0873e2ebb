#include "enforcement/cgroup/device_filter.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

const CgroupHierarchy kV1Devices = {CgroupVersion::kV1, "/v1", {"devices"}};
const CgroupHierarchy kV1Memory = {CgroupVersion::kV1, "/m", {"memory"}};
const CgroupHierarchy kV2 = {CgroupVersion::kV2, "/v2", {}};

TEST(ChooseDeviceFilterTest, TakesAProgramWhereThatCanBe) {
  for (const CgroupHierarchy& other : {kV1Devices, kV1Memory}) {
    EXPECT_THAT(ChooseDeviceFilter(CgroupMounts({other, kV2}), {}, true),
                IsOkAndHolds(DeviceFilter::kProgram));
  }
}

TEST(ChooseDeviceFilterTest, ElseTheListIfThereIsOne) {
  EXPECT_THAT(ChooseDeviceFilter(CgroupMounts({kV1Devices, kV2}), {}, false),
              IsOkAndHolds(DeviceFilter::kList));
  EXPECT_THAT(ChooseDeviceFilter(CgroupMounts({kV1Devices}), {}, true),
              IsOkAndHolds(DeviceFilter::kList));
}

// Which tells what is wrong with them.
TEST(ChooseDeviceFilterTest, WithoutAListItIsAProgramAnyway) {
  EXPECT_THAT(ChooseDeviceFilter(CgroupMounts({kV1Memory, kV2}), {}, false),
              IsOkAndHolds(DeviceFilter::kProgram));
}

TEST(ChooseDeviceFilterTest, WithNeitherItTellsWhatToDo) {
  const CgroupMounts mounts({kV1Memory});

  EXPECT_THAT(
      ChooseDeviceFilter(mounts, {}, true),
      StatusIs(absl::StatusCode::kUnavailable, HasSubstr("mount that of v2")));
  EXPECT_THAT(
      ChooseDeviceFilter(mounts, {{"devices", "/v1 is read-only"}}, true),
      StatusIs(absl::StatusCode::kUnavailable, HasSubstr("/v1 is read-only")));
}

}  // namespace
}  // namespace reeve
