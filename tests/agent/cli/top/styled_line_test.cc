#include "agent/cli/top/styled_line.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr Look kColours = {true, true};
constexpr Look kMonochrome = {false, true};

TEST(StyledLineTest, PiecesHaveAStyleEach) {
  StyledLine line;
  line.Add("a").Add("b", TextStyle::kBad).Add("c", TextStyle::kDim);

  EXPECT_EQ(line.Text(), "abc");
  EXPECT_EQ(line.width(), 3);
  EXPECT_EQ(line.Render(80, kColours), "a\x1b[31mb\x1b[0m\x1b[2mc\x1b[0m");
}

TEST(StyledLineTest, WithoutColoursThereIsNone) {
  StyledLine line;
  line.Add("bad", TextStyle::kBad)
      .Add("warning", TextStyle::kWarning)
      .Add("good", TextStyle::kGood)
      .Add("accent", TextStyle::kAccent);

  EXPECT_EQ(line.Render(80, kMonochrome),
            "\x1b[1mbad\x1b[0mwarninggood\x1b[1maccent\x1b[0m");
}

TEST(StyledLineTest, IsCutToTheWidth) {
  StyledLine line;
  line.Add("abc").Add("def", TextStyle::kStrong).Add("ghi");

  EXPECT_EQ(line.Render(5, kColours), "abc\x1b[1mde\x1b[0m");
  EXPECT_EQ(line.Render(3, kColours), "abc");
  EXPECT_EQ(line.Render(0, kColours), "");
}

TEST(StyledLineTest, ASelectedOneIsInReverseOverTheWholeWidth) {
  StyledLine line;
  line.Add("ab", TextStyle::kBad).Add("cd");
  line.Select();

  EXPECT_EQ(line.Render(6, kColours), "\x1b[7mabcd  \x1b[0m");
  EXPECT_EQ(line.Render(3, kColours), "\x1b[7mab…\x1b[0m");
}

TEST(StyledLineTest, PadToFillsUpAndNeverCuts) {
  EXPECT_EQ(StyledLine().Add("ab").PadTo(4).Add("c").Text(), "ab  c");
  EXPECT_EQ(StyledLine().Add("abcd").PadTo(2).Add("e").Text(), "abcde");
}

TEST(ScreenTextTest, ClearsBehindShortLinesOnly) {
  const std::string text =
      ScreenText({StyledLine().Add("ab"), StyledLine().Add("abcd"),
                  StyledLine().Add("abcdef")},
                 4, kColours);

  EXPECT_EQ(text, "\x1b[Hab\x1b[K\r\nabcd\r\nabcd");
}

TEST(ScreenTextTest, NoLineIsClearedBeforeItIsWritten) {
  EXPECT_THAT(ScreenText({StyledLine(), StyledLine()}, 4, kColours),
              Not(HasSubstr("\x1b[2")));
}

}  // namespace
}  // namespace reeve
