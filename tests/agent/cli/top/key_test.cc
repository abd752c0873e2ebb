#include "agent/cli/top/key.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Kind = Key::Kind;

std::vector<Kind> Kinds(absl::string_view input, bool is_all = true) {
  std::vector<Kind> kinds;
  Key key;
  while (ConsumeKey(&input, is_all, &key)) kinds.push_back(key.kind);
  return kinds;
}

TEST(ConsumeKeyTest, KnowsTheKeysOfTerminals) {
  EXPECT_THAT(Kinds("\x1b[A\x1b[B\x1b[C\x1b[D"),
              ElementsAre(Kind::kUp, Kind::kDown, Kind::kRight, Kind::kLeft));
  EXPECT_THAT(Kinds("\x1bOA\x1bOB"), ElementsAre(Kind::kUp, Kind::kDown));
  EXPECT_THAT(Kinds("\x1b[5~\x1b[6~"),
              ElementsAre(Kind::kPageUp, Kind::kPageDown));
  EXPECT_THAT(Kinds("\x1b[H\x1b[1~\x1b[F\x1b[4~"),
              ElementsAre(Kind::kHome, Kind::kHome, Kind::kEnd, Kind::kEnd));
  EXPECT_THAT(Kinds("\r\n\x7f\b"),
              ElementsAre(Kind::kEnter, Kind::kEnter, Kind::kBackspace,
                          Kind::kBackspace));
}

TEST(ConsumeKeyTest, OthersMeanNothing) {
  EXPECT_THAT(Kinds("\x1b[15~\x1b[1;5A\x01"),
              ElementsAre(Kind::kOther, Kind::kOther, Kind::kOther));
}

TEST(ConsumeKeyTest, TextComesByCharacters) {
  absl::string_view input = "aü";
  Key key;

  ASSERT_TRUE(ConsumeKey(&input, false, &key));
  EXPECT_TRUE(key.Is("a"));
  ASSERT_TRUE(ConsumeKey(&input, false, &key));
  EXPECT_TRUE(key.Is("ü"));
  EXPECT_FALSE(ConsumeKey(&input, false, &key));
}

TEST(ConsumeKeyTest, EscIsAKeyOnceNothingFollows) {
  EXPECT_THAT(Kinds("\x1b", false), IsEmpty());
  EXPECT_THAT(Kinds("\x1b"), ElementsAre(Kind::kEscape));
  EXPECT_THAT(Kinds("\x1bq", false), ElementsAre(Kind::kEscape, Kind::kText));
  EXPECT_THAT(Kinds("\x1b\x1b[A", false),
              ElementsAre(Kind::kEscape, Kind::kUp));
}

TEST(ConsumeKeyTest, WaitsForTheRestOfAKey) {
  for (const char* part : {"\x1b[", "\x1bO", "\x1b[5", "\xC3", "\xE2\x94"}) {
    EXPECT_THAT(Kinds(part, false), IsEmpty()) << part;
    EXPECT_EQ(Kinds(part).size(), 1) << part;
  }
}

TEST(ConsumeKeyTest, TakesWhateverComes) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const char bytes[] = {static_cast<char>(first), static_cast<char>(second),
                            'x'};
      absl::string_view input(bytes, sizeof(bytes));
      Key key;
      size_t left = input.size();
      while (ConsumeKey(&input, true, &key)) {
        ASSERT_LT(input.size(), left) << first << " " << second;
        left = input.size();
      }
      EXPECT_EQ(input.size(), 0);
    }
  }
}

}  // namespace
}  // namespace reeve
