#include "agent/cli/detach_keys.h"

#include <string>

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(DetachKeysTest, TheTwoKeysDetachAndAreNotPassedOn) {
  DetachKeys keys;
  std::string passed;

  EXPECT_TRUE(keys.Take("ab\x10\x11", &passed));

  EXPECT_EQ(passed, "ab");
}

TEST(DetachKeysTest, TheyMayComeOneByOne) {
  DetachKeys keys;
  std::string passed;

  EXPECT_FALSE(keys.Take("\x10", &passed));
  EXPECT_TRUE(keys.Take("\x11", &passed));
}

TEST(DetachKeysTest, TheFirstAloneIsPassedOnWithTheNextKey) {
  DetachKeys keys;
  std::string passed;

  EXPECT_FALSE(keys.Take("\x10", &passed));
  EXPECT_EQ(passed, "");
  EXPECT_FALSE(keys.Take("x\x10\x10y\x11", &passed));

  EXPECT_EQ(passed, "\x10x\x10\x10y\x11");
}

}  // namespace
}  // namespace reeve
