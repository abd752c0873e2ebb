#include "enforcement/spec/device_rule.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

// What is made of it, or what is wrong.
std::string Parsed(absl::string_view text) {
  const absl::StatusOr<DeviceSpec> device = ParseDevice(text);
  if (!device.ok()) return std::string(device.status().message());
  return absl::StrCat(device->host_path, " ", device->task_path, " ",
                      DevicePermissionsText(*device));
}

TEST(ParseDeviceTest, ThePathInTheTaskAndThePermissionsCanBeLeftOut) {
  EXPECT_EQ(Parsed("/dev/fuse"), "/dev/fuse /dev/fuse rwm");
  EXPECT_EQ(Parsed("/dev/fuse:r"), "/dev/fuse /dev/fuse r");
  EXPECT_EQ(Parsed("/dev/fuse:/dev/x"), "/dev/fuse /dev/x rwm");
  EXPECT_EQ(Parsed("/srv/nodes/f:/dev/a/x:mw"), "/srv/nodes/f /dev/a/x wm");
}

TEST(ParseDeviceTest, WhatIsWrongIsNamed) {
  struct Row {
    absl::string_view text;
    const char* why;
  };
  for (const Row& row : std::vector<Row>{
           {absl::string_view(), "give HOST[:TASK][:PERMISSIONS]"},
           {":r", "absolute path of the host"},
           {"dev/fuse", "absolute path of the host"},
           {"/dev/../etc", "without \"..\""},
           {"/dev/fuse:", "it allows nothing"},
           {"/dev/fuse:x", "r, w and m"},
           {"/dev/fuse:rr", "r, w and m"},
           {"/dev/fuse:RW", "r, w and m"},
           {"/dev/fuse::r", "below /dev"},
           {"/dev/fuse:dev/x:r", "below /dev"},
           {"/srv/fuse", "below /dev"},
           {"/dev/fuse:/etc/x", "below /dev"},
           {"/dev/fuse:/dev", "below /dev"},
           {"/dev/fuse:/dev/", "below /dev"},
           {"/dev/fuse:/dev/x/", "below /dev"},
           {"/dev/fuse:/dev//x", "below /dev"},
           {"/dev/fuse:/dev/./x", "below /dev"},
           {"/dev/fuse:/dev/../x", "below /dev"},
           {"/dev/fuse:/dev/x:r:w", "give HOST[:TASK][:PERMISSIONS]"},
           {absl::string_view("/dev/a\0b", 8), "no NUL"}}) {
    EXPECT_THAT(Parsed(row.text), HasSubstr(row.why)) << row.text;
  }
}

TEST(ParseDeviceTest, TheErrorIsOneLine) {
  EXPECT_THAT(ParseDevice("/dev/a\nb:x"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       ::testing::Not(HasSubstr("\n"))));
}

TEST(DeviceTextTest, IsReadAgainAsTheSame) {
  for (const char* text :
       {"/dev/fuse:rwm", "/dev/sda:/dev/disk:r", "/srv/x:/dev/a/b:wm"}) {
    const absl::StatusOr<DeviceSpec> device = ParseDevice(text);
    ASSERT_THAT(device, IsOk());
    EXPECT_EQ(DeviceText(*device), text);
  }
}

std::vector<DeviceSpec> Devices(const std::vector<std::string>& texts) {
  std::vector<DeviceSpec> devices;
  devices.reserve(texts.size());
  for (const std::string& text : texts) {
    devices.push_back(ParseDevice(text).value());
  }
  return devices;
}

TEST(ValidateDevicesTest, OneDeviceMayBeAtTwoPlaces) {
  EXPECT_THAT(ValidateDevices(Devices({"/dev/fuse", "/dev/fuse:/dev/x:r"})),
              IsOk());
}

TEST(ValidateDevicesTest, NoTwoAreAtOnePlace) {
  EXPECT_THAT(
      ValidateDevices(Devices({"/dev/fuse", "/dev/kvm:/dev/fuse"})),
      StatusIs(absl::StatusCode::kInvalidArgument,
               HasSubstr("\"/dev/kvm:/dev/fuse:rwm\": another has the same")));
  EXPECT_THAT(ValidateDevices(Devices({"/dev/a/b/c", "/dev/a-1", "/dev/a"})),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("\"/dev/a/b/c:rwm\": its path in the task is "
                                 "below")));
}

TEST(ValidateDevicesTest, EachAllowsSomething) {
  DeviceSpec device;
  device.host_path = "/dev/fuse";
  device.task_path = "/dev/fuse";
  EXPECT_THAT(ValidateDevices({device}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("it allows nothing")));
}

TEST(ValidateDevicesTest, ThereIsABoundToThem) {
  std::vector<DeviceSpec> devices;
  for (size_t i = 0; i < kMaxDevices; ++i) {
    devices.push_back(
        ParseDevice(absl::StrCat("/dev/fuse:/dev/fuse", i)).value());
  }
  EXPECT_THAT(ValidateDevices(devices), IsOk());
  devices.push_back(ParseDevice("/dev/fuse").value());
  EXPECT_THAT(ValidateDevices(devices),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("257")));
}

}  // namespace
}  // namespace reeve
