#include "agent/cli/top/bar.h"

#include <limits>
#include <string>

#include "gtest/gtest.h"

namespace reeve {
namespace {

std::string Unicode(double share, size_t width) {
  return Bar(share, width, TextStyle::kGood, true).Text();
}

std::string Ascii(double share, size_t width) {
  return Bar(share, width, TextStyle::kGood, false).Text();
}

TEST(BarTest, IsAsLongAsItsShareInHalfColumns) {
  EXPECT_EQ(Unicode(0, 4), "────");
  EXPECT_EQ(Unicode(0.25, 4), "━───");
  EXPECT_EQ(Unicode(0.375, 4), "━╸──");
  EXPECT_EQ(Unicode(0.5, 4), "━━──");
  EXPECT_EQ(Unicode(1, 4), "━━━━");
}

TEST(BarTest, ALittleShowsAndAlmostAllIsNotAll) {
  EXPECT_EQ(Unicode(0.0001, 4), "╸───");
  EXPECT_EQ(Unicode(0.9999, 4), "━━━╸");
  EXPECT_EQ(Ascii(0.0001, 4), "=...");
  EXPECT_EQ(Ascii(0.9999, 4), "===.");
}

TEST(BarTest, WhatIsNoShareIsNoneOrAll) {
  EXPECT_EQ(Unicode(-1, 2), "──");
  EXPECT_EQ(Unicode(7, 2), "━━");
  EXPECT_EQ(Unicode(std::numeric_limits<double>::quiet_NaN(), 2), "──");
  EXPECT_EQ(Unicode(0.5, 0), "");
  EXPECT_EQ(Ascii(0.5, 1), "=");
}

TEST(BarTest, IsAlwaysAsWideAsItIsToBe) {
  for (size_t width = 0; width < 20; ++width) {
    for (double share = -0.1; share < 1.2; share += 0.01) {
      EXPECT_EQ(Bar(share, width, TextStyle::kGood, true).width(), width);
      EXPECT_EQ(Bar(share, width, TextStyle::kGood, false).width(), width);
    }
  }
}

TEST(StyleOfShareTest, WarnsBeforeItIsBad) {
  EXPECT_EQ(StyleOfShare(0.5), TextStyle::kGood);
  EXPECT_EQ(StyleOfShare(0.8), TextStyle::kWarning);
  EXPECT_EQ(StyleOfShare(0.95), TextStyle::kBad);
}

}  // namespace
}  // namespace reeve
