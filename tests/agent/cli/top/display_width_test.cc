#include "agent/cli/top/display_width.h"

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(DisplayWidthTest, CountsColumnsAndNotBytes) {
  EXPECT_EQ(DisplayWidth(""), 0);
  EXPECT_EQ(DisplayWidth("web"), 3);
  EXPECT_EQ(DisplayWidth("grün"), 4);
  EXPECT_EQ(DisplayWidth("━╸─…"), 4);
  EXPECT_EQ(DisplayWidth("日本"), 4);
  EXPECT_EQ(DisplayWidth("e\xCC\x81"), 1) << "an accent of its own";
  EXPECT_EQ(DisplayWidth("🚀"), 2);
}

TEST(DisplayWidthTest, WhatIsNoUtf8CountsByBytes) {
  EXPECT_EQ(DisplayWidth("\xFF\xFE"), 2);
  EXPECT_EQ(DisplayWidth("a\xE2\x94"), 3) << "the end is missing";
  EXPECT_EQ(DisplayWidth("\xC0\x80"), 2) << "too long a form of NUL";
}

TEST(PrintableTest, NothingMovesTheCursor) {
  EXPECT_EQ(Printable("a\x1b[2Jb\r\n\tc\x7f"), "a?[2Jb???c?");
  EXPECT_EQ(Printable("\xC2\x9B"), "?") << "a control sequence in one";
  EXPECT_EQ(Printable("\xE2\x80\xAE"), "?") << "from right to left";
  EXPECT_EQ(Printable("\xFFx"), "?x");
  EXPECT_EQ(Printable("grün 日本"), "grün 日本");
}

TEST(CutToTest, EndsWithTheEllipsisWhereItCuts) {
  EXPECT_EQ(CutTo("payment", 7, "…"), "payment");
  EXPECT_EQ(CutTo("payment", 6, "…"), "payme…");
  EXPECT_EQ(CutTo("payment", 1, "…"), "…");
  EXPECT_EQ(CutTo("payment", 3, ""), "pay");
  EXPECT_EQ(CutTo("payment", 0, "…"), "");
}

TEST(CutToTest, CutsNoCharacterInTwo) {
  EXPECT_EQ(CutTo("grün!", 3, ""), "grü");
  EXPECT_EQ(CutTo("日本語", 5, ""), "日本") << "half a character is none";
}

}  // namespace
}  // namespace reeve
