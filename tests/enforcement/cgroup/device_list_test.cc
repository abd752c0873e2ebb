#include "enforcement/cgroup/device_list.h"

#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

TEST(ParseDeviceListTest, ReadsEntriesAsTheKernelWritesThem) {
  const absl::StatusOr<std::vector<DeviceAccess>> list =
      ParseDeviceList("c *:* m\nc 1:3 rwm\nb 8:* r\n");

  const std::vector<DeviceAccess> expected = {
      {'c', std::nullopt, std::nullopt, false, false, true},
      {'c', 1, 3, true, true, true},
      {'b', 8, std::nullopt, true, false, false}};
  EXPECT_THAT(list, IsOkAndHolds(expected));
}

TEST(ParseDeviceListTest, ACgroupMayHaveAllOrNothing) {
  const std::vector<DeviceAccess> all = {
      {'a', std::nullopt, std::nullopt, true, true, true}};
  EXPECT_THAT(ParseDeviceList("a *:* rwm\n"), IsOkAndHolds(all));
  EXPECT_THAT(ParseDeviceList(""), IsOkAndHolds(std::vector<DeviceAccess>()));
}

TEST(ParseDeviceListTest, WhatIsNoEntryIsNamed) {
  for (const char* line :
       {"c 1:3", "c 1 rwm", "d 1:3 r", "c 1:3:4 r", "c x:3 r", "c -1:3 r",
        "c 1:3 rx", " c 1:3 r", "cc 1:3 r"}) {
    EXPECT_THAT(ParseDeviceList(line),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr(line)));
  }
}

// Plain files stand for the kernel's: each has what was written to it last.
class RestrictDeviceListTest : public ::testing::Test {
 protected:
  void Make(const std::string& list) {
    tree_.Write("devices.list", list);
    tree_.Write("devices.allow", "");
    tree_.Write("devices.deny", "");
    cgroup_ = tree_.OpenDir("");
  }

  FakeTree tree_;
  UniqueFd cgroup_;
};

const std::vector<DeviceAccess> kNull = {{'c', 1, 3, true, true, false}};

TEST_F(RestrictDeviceListTest, WhatIsSoAlreadyIsNotWritten) {
  Make("c 1:3 rw\n");

  EXPECT_THAT(RestrictDeviceList(cgroup_.get(), kNull), IsOk());

  EXPECT_EQ(tree_.Read("devices.allow"), "");
  EXPECT_EQ(tree_.Read("devices.deny"), "");
}

TEST_F(RestrictDeviceListTest, WhatIsNotReadBackIsAnErrorAndUndone) {
  Make("a *:* rwm\n");

  EXPECT_THAT(RestrictDeviceList(cgroup_.get(), kNull),
              StatusIs(absl::StatusCode::kInternal,
                       HasSubstr("reads a *:* rwm where c 1:3 rw")));

  EXPECT_EQ(tree_.Read("devices.deny"), "a");
  EXPECT_EQ(tree_.Read("devices.allow").front(), 'a');
}

TEST_F(RestrictDeviceListTest, OnlyWhatIsTooMuchIsDenied) {
  Make("c 1:3 rwm\n");

  // The list of a plain file stays as it is.
  EXPECT_FALSE(RestrictDeviceList(cgroup_.get(), kNull).ok());

  EXPECT_EQ(tree_.Read("devices.deny"), "c 1:3 m");
  EXPECT_EQ(tree_.Read("devices.allow"), "");
}

TEST_F(RestrictDeviceListTest, ARemovedCgroupIsNotFound) {
  FakeTree empty;
  const UniqueFd cgroup = empty.OpenDir("");
  EXPECT_THAT(RestrictDeviceList(cgroup.get(), kNull),
              StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace reeve
