#include "enforcement/spec/device_access.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::nullopt_t kAny = std::nullopt;

std::vector<std::string> TextsOf(const std::vector<DeviceAccess>& accesses) {
  std::vector<std::string> texts;
  texts.reserve(accesses.size());
  for (const DeviceAccess& access : accesses) {
    texts.push_back(DeviceAccessText(access));
  }
  return texts;
}

TEST(DeviceAccessTextTest, IsThatOfTheKernel) {
  EXPECT_EQ(DeviceAccessText({'c', 1, 3, true, true, true}), "c 1:3 rwm");
  EXPECT_EQ(DeviceAccessText({'b', 8, kAny, true, false, false}), "b 8:* r");
  EXPECT_EQ(DeviceAccessText({'a', kAny, kAny, false, true, true}), "a *:* wm");
}

TEST(DefaultDeviceAccessTest, HasWhatProgramsExpect) {
  EXPECT_THAT(TextsOf(MergeDeviceAccess(DefaultDeviceAccess())),
              ElementsAre("b *:* m", "c *:* m", "c 1:3 rwm", "c 1:5 rwm",
                          "c 1:7 rwm", "c 1:8 rwm", "c 1:9 rwm", "c 5:0 rwm",
                          "c 5:2 rwm", "c 10:200 rwm", "c 136:* rwm"));
}

TEST(MergeDeviceAccessTest, OneEntryAllowsAllThatSeveralDo) {
  EXPECT_THAT(TextsOf(MergeDeviceAccess({{'c', 10, 229, true, false, false},
                                         {'b', 7, 0, true, false, false},
                                         {'c', 10, kAny, false, false, true},
                                         {'c', 10, 229, false, true, false}})),
              ElementsAre("b 7:0 r", "c 10:* m", "c 10:229 rw"));
}

TEST(MergeDeviceAccessTest, BothTypesAreTwoEntries) {
  EXPECT_THAT(TextsOf(MergeDeviceAccess({{'a', kAny, kAny, true, true, true}})),
              ElementsAre("b *:* rwm", "c *:* rwm"));
}

TEST(MergeDeviceAccessTest, WhatAllowsNothingIsLeftOut) {
  EXPECT_THAT(MergeDeviceAccess({{'c', 1, 1, false, false, false}}), IsEmpty());
}

TEST(DeviceAccessBeyondTest, ComparesWhatIsAllowedOfEachNumber) {
  const std::vector<DeviceAccess> now = {{'c', 1, 3, true, true, true},
                                         {'c', 1, 5, true, false, false},
                                         {'b', 7, 0, true, false, false}};
  const std::vector<DeviceAccess> before = {{'c', 1, 3, true, false, false},
                                            {'c', 1, 5, true, true, false},
                                            {'c', 7, 0, true, false, false}};

  EXPECT_THAT(TextsOf(DeviceAccessBeyond(now, before)),
              ElementsAre("b 7:0 r", "c 1:3 wm"));
  EXPECT_THAT(TextsOf(DeviceAccessBeyond(before, now)),
              ElementsAre("c 1:5 w", "c 7:0 r"));
  EXPECT_THAT(DeviceAccessBeyond(now, now), IsEmpty());
}

}  // namespace
}  // namespace reeve
