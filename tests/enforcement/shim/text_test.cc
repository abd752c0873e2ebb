#include "enforcement/shim/text.h"

#include <cstdint>
#include <limits>
#include <string>

#include "gtest/gtest.h"

namespace reeve {
namespace {

int64_t Parse(const std::string& text) {
  return ParseNumber(text.data(), text.data() + text.size());
}

TEST(TextTest, HoldsTextAndNumbers) {
  const Text text =
      Text().Add("a ").AddNumber(0).Add(" ").AddNumber(-15).Add("\n");
  EXPECT_STREQ(text.data(), "a 0 -15\n");
  EXPECT_EQ(text.size(), 8u);
}

TEST(TextTest, WritesTheLargestAndTheSmallestNumber) {
  EXPECT_STREQ(Text().AddNumber(std::numeric_limits<int64_t>::max()).data(),
               "9223372036854775807");
  EXPECT_STREQ(Text().AddNumber(std::numeric_limits<int64_t>::min()).data(),
               "-9223372036854775808");
}

TEST(TextTest, WhatDoesNotFitIsLeftOut) {
  Text text;
  const std::string hundred(100, 'x');
  for (int i = 0; i < 5; ++i) text.Add(hundred.c_str());
  EXPECT_EQ(text.size(), 255u);
  EXPECT_STREQ(text.data(), std::string(255, 'x').c_str());
}

TEST(ParseNumberTest, ReadsDigitsUpToAnythingElse) {
  EXPECT_EQ(Parse("0"), 0);
  EXPECT_EQ(Parse("42 17"), 42);
  EXPECT_EQ(Parse("9223372036854775807\n"), 9223372036854775807);
}

TEST(ParseNumberTest, NoNumberIsMinusOne) {
  for (const char* text : {"", " 1", "-1", "x", "9223372036854775808"}) {
    EXPECT_EQ(Parse(text), -1) << text;
  }
}

}  // namespace
}  // namespace reeve
