#include "base/utf8.h"

#include "gtest/gtest.h"

namespace reeve {
namespace {

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
