#include "enforcement/cgroup/block_device.h"

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// A disk of two partitions, as /sys shows it.
class ResolveBlockDeviceTest : public ::testing::Test {
 protected:
  ResolveBlockDeviceTest() {
    sysfs_.Write("devices/sda/dev", "8:0\n");
    sysfs_.Write("devices/sda/sda1/dev", "8:1\n");
    sysfs_.Write("devices/sda/sda1/partition", "1\n");
    sysfs_.MakeDir("dev/block");
    sysfs_.MakeLink("dev/block/8:0", "../../devices/sda");
    sysfs_.MakeLink("dev/block/8:1", "../../devices/sda/sda1");
  }

  absl::StatusOr<std::string> Resolve(const std::string& device) const {
    return ResolveBlockDevice(device, sysfs_.Path(""));
  }

  FakeTree sysfs_;
};

TEST_F(ResolveBlockDeviceTest, ANumberIsTakenIfThereIsSuchADisk) {
  EXPECT_THAT(Resolve("8:0"), IsOkAndHolds("8:0"));
  EXPECT_THAT(Resolve("9:0"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("9:0")));
}

TEST_F(ResolveBlockDeviceTest, OfAPartitionTheWholeDiskIsNamed) {
  EXPECT_THAT(Resolve("8:1"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("8:1: it is a partition"),
                             HasSubstr("whole disk, which is 8:0"))));
}

TEST_F(ResolveBlockDeviceTest, APathIsThatOfABlockDevice) {
  EXPECT_THAT(Resolve("/dev/null"), StatusIs(absl::StatusCode::kInvalidArgument,
                                             HasSubstr("/dev/null")));
  EXPECT_THAT(
      Resolve("/dev/reeve-nosuch"),
      StatusIs(absl::StatusCode::kNotFound, HasSubstr("/dev/reeve-nosuch")));
}

}  // namespace
}  // namespace reeve
