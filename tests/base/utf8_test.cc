#include "base/utf8.h"

#include <string>

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(Utf8TextTest, TextStaysAsItIs) {
  for (const char* text : {"", "a b\n\t", "grüße €\xF0\x9F\x98\x80", "\\xff"}) {
    EXPECT_TRUE(IsUtf8(text)) << text;
    EXPECT_EQ(Utf8Text(text), text);
  }
  const std::string zero("a\0b", 3);
  EXPECT_TRUE(IsUtf8(zero));
  EXPECT_EQ(Utf8Text(zero), zero);
}

TEST(Utf8TextTest, EachByteThatIsNotOfUtf8IsShownByItsNumber) {
  EXPECT_EQ(Utf8Text("a\xFFz"), "a\\xffz");
  EXPECT_EQ(Utf8Text("\x80"), "\\x80") << "continuation alone";
  EXPECT_EQ(Utf8Text("ü\xC3"), "ü\\xc3") << "cut off";
  EXPECT_EQ(Utf8Text("\xC0\xAF"), "\\xc0\\xaf") << "overlong";
  EXPECT_EQ(Utf8Text("\xED\xA0\x80"), "\\xed\\xa0\\x80") << "surrogate";
  EXPECT_EQ(Utf8Text("\xF4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80")
      << "past U+10FFFF";
  EXPECT_FALSE(IsUtf8("a\xFFz"));
  EXPECT_FALSE(IsUtf8("ü\xC3"));
}

TEST(Utf8Test, TextsAreToldFromOtherBytes) {
  EXPECT_TRUE(IsUtf8(""));
  EXPECT_TRUE(IsUtf8("web.yaml"));
  EXPECT_TRUE(IsUtf8("\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80"));
  // A byte alone, one cut short, an overlong form, a surrogate, too large.
  for (const char* text :
       {"a\xFF", "\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80"}) {
    EXPECT_FALSE(IsUtf8(text)) << text;
  }
}

TEST(OneLineTest, IsOneAndIsText) {
  EXPECT_EQ(OneLine("gr\xC3\xBC\xC3\x9F.yaml"), "gr\xC3\xBC\xC3\x9F.yaml");
  EXPECT_EQ(OneLine("a\nb\x1B.yaml"), "a\\x0ab\\x1b.yaml");
  EXPECT_EQ(OneLine("\xFF\xC3"), "\\xff\\xc3");
}

}  // namespace
}  // namespace reeve
