#include "enforcement/launch/task_device.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

absl::StatusOr<TaskDevices> Resolve(const std::vector<std::string>& texts) {
  std::vector<DeviceSpec> devices;
  devices.reserve(texts.size());
  for (const std::string& text : texts) {
    devices.push_back(ParseDevice(text).value());
  }
  return ResolveDevices(devices);
}

TEST(DefaultTaskDevicesTest, AreThoseOfTheHostAndForAll) {
  for (const TaskDevice& device : DefaultTaskDevices()) {
    struct stat info;
    ASSERT_EQ(stat(device.path.c_str(), &info), 0) << device.path;
    EXPECT_EQ(device.rdev, info.st_rdev) << device.path;
    EXPECT_EQ(device.type, info.st_mode & S_IFMT) << device.path;
    EXPECT_EQ(device.permissions, mode_t{0666});
    EXPECT_EQ(device.uid, uid_t{0});
  }
}

TEST(ResolveDevicesTest, WithoutAnyTheDefaultIsLeft) {
  const absl::StatusOr<TaskDevices> devices = Resolve({});

  ASSERT_THAT(devices, IsOk());
  EXPECT_EQ(devices->nodes.size(), DefaultTaskDevices().size());
  EXPECT_EQ(devices->access, DefaultDeviceAccess());
}

TEST(ResolveDevicesTest, AGivenDeviceHasTheNumberAndTheOwnerOfTheHosts) {
  FakeTree tree;
  tree.MakeLink("link", "/dev/ptmx");

  const absl::StatusOr<TaskDevices> devices =
      Resolve({tree.Path("link") + ":/dev/x/y:r"});

  struct stat info;
  ASSERT_EQ(stat("/dev/ptmx", &info), 0);
  ASSERT_THAT(devices, IsOk());
  const TaskDevice& node = devices->nodes.back();
  EXPECT_EQ(node.path, "/dev/x/y");
  EXPECT_EQ(node.type, mode_t{S_IFCHR});
  EXPECT_EQ(node.rdev, info.st_rdev);
  EXPECT_EQ(node.permissions, info.st_mode & 0777);
  EXPECT_EQ(node.gid, info.st_gid);
  const DeviceAccess expected = {
      'c', major(info.st_rdev), minor(info.st_rdev), true, false, false};
  EXPECT_EQ(devices->access.back(), expected);
}

TEST(ResolveDevicesTest, OneAtThePathOfADefaultFileTakesItsPlace) {
  const absl::StatusOr<TaskDevices> devices = Resolve({"/dev/zero:/dev/full"});

  ASSERT_THAT(devices, IsOk());
  std::vector<std::string> paths;
  for (const TaskDevice& node : devices->nodes) {
    paths.push_back(node.path);
    if (node.path != "/dev/full") continue;
    EXPECT_EQ(node.rdev, makedev(1, 5));
  }
  EXPECT_THAT(paths, ElementsAre("/dev/null", "/dev/zero", "/dev/full",
                                 "/dev/random", "/dev/urandom", "/dev/tty"));
}

TEST(ResolveDevicesTest, WhatIsNoDeviceIsNamed) {
  FakeTree tree;
  tree.Write("file", "");

  EXPECT_THAT(Resolve({tree.Path("none") + ":/dev/x"}),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr(tree.Path("none") + ": No such file")));
  EXPECT_THAT(Resolve({tree.Path("file") + ":/dev/x"}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr(tree.Path("file") + ": it is no device")));
}

}  // namespace
}  // namespace reeve
