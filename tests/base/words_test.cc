#include "base/words.h"

#include <array>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;

TEST(SplitWordsTest, BlanksOfAnyNumberPartWords) {
  std::array<absl::string_view, 3> words;

  EXPECT_EQ(SplitWords("  a\t bc  d ", absl::MakeSpan(words)), 3u);

  EXPECT_THAT(words, ElementsAre("a", "bc", "d"));
}

TEST(SplitWordsTest, TellsHowManyThereAre) {
  std::array<absl::string_view, 3> words;

  EXPECT_EQ(SplitWords("a b", absl::MakeSpan(words)), 2u);
  EXPECT_EQ(SplitWords("  ", absl::MakeSpan(words)), 0u);
  EXPECT_EQ(SplitWords("", absl::MakeSpan(words)), 0u);
}

TEST(SplitWordsTest, TakesAsManyAsThereIsRoomFor) {
  std::array<absl::string_view, 2> words;

  EXPECT_EQ(SplitWords("a b c", absl::MakeSpan(words)), 2u);

  EXPECT_THAT(words, ElementsAre("a", "b"));
}

TEST(TakeLineTest, LastLineNeedsNoEnd) {
  absl::string_view text = "one\n\ntwo";

  EXPECT_EQ(TakeLine(&text), "one");
  EXPECT_EQ(TakeLine(&text), "");
  EXPECT_EQ(TakeLine(&text), "two");
  EXPECT_EQ(text, "");
}

}  // namespace
}  // namespace reeve
