#include "collectors/cgroup/device_names.h"

#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

class DeviceNamesTest : public ::testing::Test {
 protected:
  void SetName(const std::string& number, const std::string& name) {
    tree_.MakeDir("sys/dev/block");
    tree_.MakeLink("sys/dev/block/" + number,
                   "../../devices/pci0000:00/block/" + name);
  }

  FakeTree tree_;
  DeviceNames names_{tree_.Path("sys")};
};

TEST_F(DeviceNamesTest, AreThoseOfSysfs) {
  SetName("8:0", "sda");
  SetName("8:1", "sda/sda1");

  EXPECT_EQ(names_.NameOf("8:0"), "sda");
  EXPECT_EQ(names_.NameOf("8:1"), "sda1");
}

TEST_F(DeviceNamesTest, NumberIsTheNameOfWhatSysfsDoesNotKnow) {
  EXPECT_EQ(names_.NameOf("8:0"), "8:0");
}

TEST_F(DeviceNamesTest, AreRememberedWhileTheyAreUsed) {
  SetName("8:0", "sda");
  EXPECT_EQ(names_.NameOf("8:0"), "sda");
  names_.Keep();
  tree_.Remove("sys/dev/block/8:0");
  SetName("8:0", "sdb");
  EXPECT_EQ(names_.NameOf("8:0"), "sda");
  names_.Keep();

  names_.Keep();

  EXPECT_EQ(names_.NameOf("8:0"), "sdb");
}

}  // namespace
}  // namespace reeve
