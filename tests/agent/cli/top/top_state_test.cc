#include "agent/cli/top/top_state.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/agent/cli/top/samples.h"

namespace reeve {
namespace {

using Kind = Key::Kind;

Key Press(Kind kind) { return Key{kind, ""}; }
Key Type(const std::string& text) { return Key{Kind::kText, text}; }

// The tasks of SomeTasks(): db, burner, web-frontend, held, job.
class TopStateTest : public ::testing::Test {
 protected:
  TopAction Apply(const Key& key) {
    return ApplyKey(key, RowsOf(sample_, state_.order), 3, &state_);
  }
  void ApplyAll(const std::string& text) {
    for (const char c : text) Apply(Type(std::string(1, c)));
  }

  const TopSample sample_ = SomeTasks();
  TopState state_;
};

TEST_F(TopStateTest, QAndEscQuit) {
  EXPECT_EQ(Apply(Type("q")), TopAction::kQuit);
  EXPECT_EQ(Apply(Press(Kind::kEscape)), TopAction::kQuit);
  EXPECT_EQ(Apply(Type("x")), TopAction::kNone);
}

TEST_F(TopStateTest, ArrowsAndLettersSelect) {
  Apply(Press(Kind::kDown));
  EXPECT_EQ(state_.selected, "burner");
  Apply(Type("j"));
  EXPECT_EQ(state_.selected, "web-frontend");
  Apply(Press(Kind::kUp));
  Apply(Type("k"));
  EXPECT_EQ(state_.selected, "db");
  Apply(Type("k"));
  EXPECT_EQ(state_.selected, "db") << "there is none above";
  Apply(Press(Kind::kEnd));
  EXPECT_EQ(state_.selected, "job");
  Apply(Press(Kind::kPageUp));
  EXPECT_EQ(state_.selected, "web-frontend") << "one of the page stays";
  Apply(Press(Kind::kHome));
  EXPECT_EQ(state_.selected, "db");
}

TEST_F(TopStateTest, SelectionStaysWithItsTask) {
  Apply(Press(Kind::kDown));
  Apply(Type("r"));

  EXPECT_EQ(state_.selected, "burner");
  EXPECT_EQ(SelectedIndex(RowsOf(sample_, state_.order), state_), 2);
}

TEST_F(TopStateTest, SelectionOfWhatIsGoneIsTheFirst) {
  state_.selected = "gone";

  EXPECT_EQ(SelectedIndex(RowsOf(sample_, state_.order), state_), 0);
}

TEST_F(TopStateTest, SortColumnGoesForthAndBack) {
  for (const Key& key : {Type("s"), Type(">"), Press(Kind::kRight)}) Apply(key);
  EXPECT_EQ(state_.order.sort, TopColumn::kMemoryLimit);
  for (const Key& key : {Type("<"), Press(Kind::kLeft)}) Apply(key);
  EXPECT_EQ(state_.order.sort, TopColumn::kThrottled);
}

TEST_F(TopStateTest, RTPAndHSwitch) {
  ApplyAll("rtp");
  EXPECT_TRUE(state_.order.reversed);
  EXPECT_TRUE(state_.order.tree);
  EXPECT_TRUE(state_.paused);
  ApplyAll("rtp");
  EXPECT_FALSE(state_.order.reversed);
  EXPECT_FALSE(state_.order.tree);
  EXPECT_FALSE(state_.paused);
  Apply(Type("h"));
  EXPECT_TRUE(state_.help);
}

TEST_F(TopStateTest, AnyKeyLeavesTheHelpAndQQuits) {
  Apply(Type("?"));
  EXPECT_EQ(Apply(Press(Kind::kEscape)), TopAction::kNone);
  EXPECT_FALSE(state_.help);
  Apply(Type("h"));
  EXPECT_EQ(Apply(Type("q")), TopAction::kQuit);
}

TEST_F(TopStateTest, FilterTakesEveryLetter) {
  ApplyAll("/qrst");
  EXPECT_TRUE(state_.editing_filter);
  EXPECT_EQ(state_.order.filter, "qrst");
  Apply(Press(Kind::kBackspace));
  Apply(Type("ü"));
  EXPECT_EQ(state_.order.filter, "qrsü");
  Apply(Press(Kind::kBackspace));
  EXPECT_EQ(state_.order.filter, "qrs");
  Apply(Press(Kind::kEnter));
  EXPECT_FALSE(state_.editing_filter);
  EXPECT_EQ(state_.order.filter, "qrs");
}

TEST_F(TopStateTest, EscGivesBackTheFilterThatWas) {
  ApplyAll("/shop");
  Apply(Press(Kind::kEnter));
  ApplyAll("/xyz");
  Apply(Press(Kind::kEscape));
  EXPECT_EQ(state_.order.filter, "shop");

  EXPECT_EQ(Apply(Press(Kind::kEscape)), TopAction::kNone);
  EXPECT_EQ(state_.order.filter, "") << "it is dropped before esc quits";
  EXPECT_EQ(Apply(Press(Kind::kEscape)), TopAction::kQuit);
}

TEST_F(TopStateTest, EnterShowsTheProcessesOfTheSelectedTask) {
  Apply(Press(Kind::kDown));
  Apply(Press(Kind::kEnter));
  EXPECT_EQ(state_.detail, "burner");
  Apply(Press(Kind::kDown));
  EXPECT_EQ(state_.detail_scrolled, 1);
  EXPECT_EQ(state_.selected, "burner");
  Apply(Press(Kind::kEscape));
  EXPECT_EQ(state_.detail, "");
  EXPECT_EQ(state_.detail_scrolled, 0);
}

TEST_F(TopStateTest, AGroupHasNoProcesses) {
  ApplyAll("t");
  Apply(Press(Kind::kEnter));

  EXPECT_EQ(state_.detail, "");
}

TEST_F(TopStateTest, WithoutTasksNothingCanBeSelected) {
  ApplyAll("/nothing");
  Apply(Press(Kind::kEnter));
  for (const Kind kind : {Kind::kDown, Kind::kUp, Kind::kEnd, Kind::kEnter}) {
    EXPECT_EQ(Apply(Press(kind)), TopAction::kNone);
  }
  EXPECT_EQ(state_.selected, "");
  EXPECT_EQ(state_.detail, "");
}

TEST(ScrollForTest, ScrollsAsLittleAsPossible) {
  EXPECT_EQ(ScrollFor(0, 10, 3, 0), 0);
  EXPECT_EQ(ScrollFor(2, 10, 3, 0), 0);
  EXPECT_EQ(ScrollFor(3, 10, 3, 0), 1);
  EXPECT_EQ(ScrollFor(4, 10, 3, 4), 4);
  EXPECT_EQ(ScrollFor(3, 10, 3, 4), 3);
  EXPECT_EQ(ScrollFor(9, 10, 3, 0), 7);
}

TEST(ScrollForTest, WastesNoRow) {
  EXPECT_EQ(ScrollFor(9, 10, 20, 5), 0);
  EXPECT_EQ(ScrollFor(4, 5, 3, 4), 2);
  EXPECT_EQ(ScrollFor(0, 0, 3, 4), 0);
  EXPECT_EQ(ScrollFor(5, 10, 0, 4), 0);
}

}  // namespace
}  // namespace reeve
