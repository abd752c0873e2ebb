// What a user sees.
#include "agent/cli/top/top_frame.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/cli/top/display_width.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/agent/cli/top/samples.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

class DrawTopTest : public ::testing::Test {
 protected:
  DrawTopTest() {
    view_.look.unicode = true;
    view_.time_zone = absl::UTCTimeZone();
  }

  std::vector<StyledLine> Draw(size_t columns, size_t lines) {
    view_.columns = columns;
    view_.lines = lines;
    return DrawTop(sample_, RowsOf(sample_, state_.order), state_, view_);
  }

  // As it is on the screen, without blanks at the ends of lines.
  std::string Screen(size_t columns, size_t lines) {
    std::string screen;
    for (const StyledLine& line : Draw(columns, lines)) {
      std::string text = CutTo(line.Text(), columns, "");
      text.erase(text.find_last_not_of(' ') + 1);
      absl::StrAppend(&screen, text, "\n");
    }
    return screen;
  }

  TopSample sample_ = SomeTasks();
  TopState state_;
  TopView view_;
};

TEST_F(DrawTopTest, In60Columns) {
  EXPECT_EQ(Screen(60, 13),
            R"(reeve  5 tasks: 3 running, 1 paused, 1 exited       22:13:20
cpu  ━━━╸── 61% of 4 cores  memory   ━━━╸───────── 6G of 24G
load 1.50 0.75 0.25         pressure cpu 12% memory 0% io 1%

ID            STATE        ↓CPU%  THROT%     MEM    OF LIMIT
db            running      150.5       -    120M  ━━━━━━━━━╸
burner        running       20.0      96      1M           -
web-frontend  running        3.2       -     40M  ━━━━━━╸───
held          paused         0.0       -      2M           -
job           exited 1         -       -       -           -


q quit   h help   enter processes   / filter   s sort
)");
}

TEST_F(DrawTopTest, In80Columns) {
  EXPECT_EQ(
      Screen(80, 13),
      R"(reeve  5 tasks: 3 running, 1 paused, 1 exited                 every 1s  22:13:20
cpu  ━━━━━━━━╸───── 61% of 4 cores  memory   ━━━━━─────────────── 6G of 24G
load 1.50 0.75 0.25                 pressure cpu 12% memory 0% io 1%

ID            STATE        ↓CPU%  THROT%     MEM   LIMIT        OF LIMIT  UPTIME
db            running      150.5       -    120M    128M  ━━━━━━━━━━━━━─   1m30s
burner        running       20.0      96      1M       -               -   1m30s
web-frontend  running        3.2       -     40M     64M  ━━━━━━━━━─────   1m30s
held          paused         0.0       -      2M       -               -   1m30s
job           exited 1         -       -       -       -               -       -


q quit   h help   enter processes   / filter   s sort   r reverse   t tree
)");
}

TEST_F(DrawTopTest, In120Columns) {
  EXPECT_EQ(
      Screen(120, 13),
      R"(reeve  5 tasks: 3 running, 1 paused, 1 exited                                                         every 1s  22:13:20
cpu  ━━━━━━━━━━━━──────── 61% of 4 cores        memory   ━━━━━─────────────── 6G of 24G
load 1.50 0.75 0.25                             pressure cpu 12% memory 0% io 1%

ID            GROUP   STATE        ↓CPU%  THROT%     MEM   LIMIT  OF LIMIT    THREADS  OOM  UPTIME  COMMAND
db            data    running      150.5       -    120M    128M  ━━━━━━━╸          3    2   1m30s  /usr/bin/db --serve…
burner        shop    running       20.0      96      1M       -         -       3/64    0   1m30s  /usr/bin/burner --s…
web-frontend  shop    running        3.2       -     40M     64M  ━━━━━───          3    0   1m30s  /usr/bin/web-fronte…
held          -       paused         0.0       -      2M       -         -          3    0   1m30s  /usr/bin/held --ser…
job           -       exited 1         -       -       -       -         -          -    -       -  make


q quit   h help   enter processes   / filter   s sort   r reverse   t tree   p pause
)");
}

TEST_F(DrawTopTest, In200Columns) {
  EXPECT_EQ(
      Screen(200, 13),
      R"(reeve  5 tasks: 3 running, 1 paused, 1 exited                                                                                                                                         every 1s  22:13:20
cpu  ━━━━━━━━━━━━──────── 61% of 4 cores        memory   ━━━━━─────────────── 6G of 24G
load 1.50 0.75 0.25                             pressure cpu 12% memory 0% io 1%

ID            GROUP   STATE        ↓CPU%  THROT%     MEM   LIMIT          OF LIMIT  WORKING    THREADS  OOM  UPTIME  COMMAND
db            data    running      150.5       -    120M    128M  ━━━━━━━━━━━━━━━─     120M          3    2   1m30s  /usr/bin/db --serve --port 8080
burner        shop    running       20.0      96      1M       -                 -       1M       3/64    0   1m30s  /usr/bin/burner --serve --port 8080
web-frontend  shop    running        3.2       -     40M     64M  ━━━━━━━━━━──────      40M          3    0   1m30s  /usr/bin/web-frontend --serve --port 8080
held          -       paused         0.0       -      2M       -                 -       2M          3    0   1m30s  /usr/bin/held --serve --port 8080
job           -       exited 1         -       -       -       -                 -        -          -    -       -  make


q quit   h help   enter processes   / filter   s sort   r reverse   t tree   p pause
)");
}

TEST_F(DrawTopTest, EveryLineFitsAndThereAreAsManyAsThereIsRoomFor) {
  for (const bool help : {false, true}) {
    for (const char* detail : {"", "db", "gone"}) {
      state_.help = help;
      state_.detail = detail;
      for (size_t columns = 0; columns < 220; columns += 7) {
        for (size_t lines = 0; lines < 40; ++lines) {
          const std::vector<StyledLine> screen = Draw(columns, lines);
          ASSERT_THAT(screen, SizeIs(lines));
          for (const StyledLine& line : screen) {
            ASSERT_LE(CutTo(line.Text(), columns, "").size(), 4 * columns);
          }
        }
      }
    }
  }
}

TEST_F(DrawTopTest, WithoutUnicodeThereIsOnlyAscii) {
  view_.look.unicode = false;

  const std::string screen = Screen(120, 20);

  for (const char c : screen) EXPECT_GE(c, 0) << screen;
  EXPECT_THAT(screen, HasSubstr("vCPU%"));
  EXPECT_THAT(screen, HasSubstr("=======."));
}

TEST_F(DrawTopTest, TreeShowsTasksBelowTheirGroups) {
  state_.order.tree = true;

  EXPECT_THAT(Screen(60, 20), HasSubstr("\nshop            2 tasks "));
  EXPECT_THAT(Screen(60, 20), HasSubstr("\n  burner        running "));
}

TEST_F(DrawTopTest, TheSelectedRowAloneIsMarked) {
  state_.selected = "burner";
  int selected = 0;
  for (const StyledLine& line : Draw(80, 20)) {
    if (!line.selected()) continue;
    ++selected;
    EXPECT_THAT(line.Text(), StartsWith("burner "));
  }
  EXPECT_EQ(selected, 1);
}

TEST_F(DrawTopTest, WhatIsSelectedIsOnTheScreen) {
  for (int i = 0; i < 100; ++i) {
    sample_.tasks.push_back(RunningTask(absl::StrCat("t", i), "", 0.1, 1));
  }
  state_.selected = "job";

  EXPECT_THAT(Screen(80, 20), HasSubstr("\njob "));
  EXPECT_THAT(Screen(80, 20), Not(HasSubstr("\ndb ")));
}

TEST_F(DrawTopTest, ProcessesAreThoseThatUseMostFirst) {
  sample_.processes = {{7, "idle", 0, absl::Seconds(1), 4096, 1},
                       {8, "new", std::nullopt, absl::ZeroDuration(), 8192, 1},
                       {9, "bu\x1b[31msy", 99.5, absl::Minutes(2), 1 << 20, 4}};
  state_.detail = "db";

  const std::string screen = Screen(60, 16);

  EXPECT_THAT(screen, HasSubstr("\ndb  running  group data  for 1m30s  /usr"));
  EXPECT_THAT(
      screen,
      HasSubstr("\ncpu 150.5%  memory 120M of 128M  threads 3  oom kills 2\n"))
      << "there is no room for the working set";
  EXPECT_THAT(screen,
              HasSubstr("\n    PID    CPU%  CPU-TIME     RSS  THREADS  NAME\n"
                        "      9    99.5     2m00s      1M        4  "
                        "bu?[31msy\n"
                        "      8       -         0      8K        1  new\n"
                        "      7     0.0      1.0s      4K        1  idle\n"));
  EXPECT_THAT(screen, HasSubstr("\nesc back   q quit"));
}

TEST_F(DrawTopTest, ATaskThatIsGoneIsSaidToBe) {
  state_.detail = "gone";

  EXPECT_THAT(Screen(60, 16), HasSubstr("\ngone  is not there any more\n"));
}

TEST_F(DrawTopTest, FooterSaysWhatIsGoingOn) {
  state_.order.filter = "shop";
  EXPECT_THAT(Screen(80, 20), HasSubstr("\nfilter shop   q quit"));
  state_.editing_filter = true;
  EXPECT_THAT(Screen(80, 20), HasSubstr("\nfilter shop_   enter keep"));
  state_.editing_filter = false;
  view_.error = "lost the agent";
  EXPECT_THAT(Screen(80, 20), HasSubstr("\nlost the agent\n"));
  state_.paused = true;
  EXPECT_THAT(Screen(80, 20), HasSubstr(" paused  22:13:20\n"));
}

TEST_F(DrawTopTest, WithoutTasksItSaysSo) {
  sample_.tasks.clear();
  EXPECT_THAT(Screen(80, 20), HasSubstr("0 tasks"));
  EXPECT_THAT(Screen(80, 20), HasSubstr("\nno tasks\n"));
  state_.order.filter = "x";
  EXPECT_THAT(Screen(80, 20), HasSubstr("\nno task has this text"));
}

TEST_F(DrawTopTest, WhatTheHostDoesNotTellIsADash) {
  sample_.host = HostUsage();

  EXPECT_THAT(Screen(80, 20), HasSubstr("\ncpu  -"));
  EXPECT_THAT(Screen(80, 20), HasSubstr("pressure -\n"));
}

TEST_F(DrawTopTest, AFewLinesHaveRoomForTasksAllTheSame) {
  const std::string screen = Screen(60, 6);

  EXPECT_THAT(screen, Not(HasSubstr("load")));
  EXPECT_THAT(screen, HasSubstr("\nburner "));
}

}  // namespace
}  // namespace reeve
