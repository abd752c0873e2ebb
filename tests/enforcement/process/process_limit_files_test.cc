#include "enforcement/process/process_limit_files.h"

#include <sys/resource.h>

#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/system_clock.h"
#include "enforcement/process/process_limit_text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/enforcement/process/fake_task_processes.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::_;
using ::testing::AllOf;
using ::testing::Each;

using ::testing::HasSubstr;
using ::testing::Pair;

using Values = std::map<pid_t, std::string>;

class ProcessLimitFilesTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::string> Write(const std::string& file,
                                    const std::string& value) {
    return files_.Write(kProcessController, file, value);
  }
  absl::Status Restore(const std::string& file) {
    return files_.Restore(kProcessController, file, "");
  }

  FakeTaskProcesses processes_;
  SystemClock clock_;
  ProcessLimitFiles files_{processes_, clock_};
};

TEST_F(ProcessLimitFilesTest, ShowsOneValueOrAllThatThereAre) {
  processes_.Add(10, "nice", "5");
  processes_.Add(11, "nice", "5");
  EXPECT_THAT(files_.Read("process", "nice"), IsOkAndHolds("5"));

  processes_.Add(12, "nice", "-1");
  EXPECT_THAT(files_.Read("process", "nice"), IsOkAndHolds("5, -1"));

  for (pid_t pid = 20; pid < 40; ++pid) {
    processes_.Add(pid, "nice", absl::StrCat(pid));
  }
  EXPECT_THAT(files_.Read("process", "nice"),
              IsOkAndHolds("5, -1, 20, 21, 22, 23, 24, 25, ..."));
}

TEST_F(ProcessLimitFilesTest, ATaskWithoutProcessesIsToldSo) {
  EXPECT_THAT(files_.Read("process", "nice"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("the task has no process")));
  EXPECT_THAT(Write("nice", "5"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("the task has no process")));
}

TEST_F(ProcessLimitFilesTest, GivesTheValueToAllThatHaveAnother) {
  processes_.Add(10, "oom_score_adj", "0");
  processes_.Add(11, "oom_score_adj", "100");
  processes_.Add(12, "oom_score_adj", "-5");

  EXPECT_THAT(Write("oom_score_adj", "100"), IsOkAndHolds("100"));

  EXPECT_THAT(processes_.Values("oom_score_adj"), Each(Pair(_, "100")));
  EXPECT_EQ(processes_.writes(), 2u);
}

TEST_F(ProcessLimitFilesTest, WhatThreadsKeepIsSetOnEachOfThem) {
  processes_.Add(10, "sched", "other");
  processes_.AddThread(10, 11, "sched", "batch");

  EXPECT_THAT(Write("sched", "fifo:1"), IsOk());

  EXPECT_THAT(processes_.Values("sched"), Each(Pair(_, "fifo:1")));
  EXPECT_THAT(Restore("sched"), IsOk());
  EXPECT_EQ(processes_.Values("sched"), (Values{{10, "other"}, {11, "batch"}}));
}

TEST_F(ProcessLimitFilesTest, ReachesThoseThatAreForkedMeanwhile) {
  processes_.Add(10, "nice", "0");
  processes_.BeforeWrite([this](size_t n) {
    // Of a parent that has the old value still.
    if (n < 50) processes_.Fork(10, static_cast<pid_t>(11 + n));
    if (n == 0) processes_.Fork(10, 1000);
  });

  EXPECT_THAT(Write("nice", "5"), IsOk());

  EXPECT_THAT(processes_.Values("nice"), Each(Pair(_, "5")));
}

TEST_F(ProcessLimitFilesTest, WaitsForTheForksThatAreUnderWay) {
  processes_.Add(10, "nice", "0");
  processes_.SetState(10, 'R');
  // Its child has the old value, and shows only when the fork is done.
  processes_.BeforeActivity([this](size_t n) {
    if (n != 3) return;
    processes_.Add(11, "nice", "0", 10);
    processes_.SetState(10, 'S');
  });

  EXPECT_THAT(Write("nice", "5"), IsOk());

  EXPECT_THAT(processes_.Values("nice"), Each(Pair(_, "5")));
}

TEST_F(ProcessLimitFilesTest, OneThatEndsIsPassedOver) {
  processes_.Add(10, "nice", "0");
  processes_.Add(11, "nice", "0");
  processes_.BeforeWrite([this](size_t n) {
    if (n == 0) processes_.End(10);
  });

  EXPECT_THAT(Write("nice", "5"), IsOk());

  EXPECT_EQ(processes_.Values("nice"), (Values{{11, "5"}}));
}

TEST_F(ProcessLimitFilesTest, AStrangerWithTheNumberOfOneIsNotTouched) {
  processes_.Add(10, "nice", "0");
  processes_.Add(11, "nice", "0");
  processes_.BeforeWrite([this](size_t n) {
    if (n != 1) return;
    processes_.End(11);
    processes_.AddStranger(11, "nice", "7");
  });

  EXPECT_THAT(Write("nice", "3"), IsOk());

  EXPECT_EQ(processes_.Values("nice"), (Values{{10, "3"}, {11, "7"}}));
}

TEST_F(ProcessLimitFilesTest, ATaskThatEndsMeanwhileIsToldSo) {
  processes_.Add(10, "nice", "0");
  processes_.BeforeWrite([this](size_t) { processes_.End(10); });

  EXPECT_THAT(
      Write("nice", "5"),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("has ended")));
}

TEST_F(ProcessLimitFilesTest, WhereOneRefusesAllHaveWhatTheyHad) {
  processes_.Add(10, "nice", "0");
  processes_.Add(11, "nice", "3");
  processes_.Add(12, "nice", "5");
  processes_.Add(13, "nice", "0");
  const Values before = processes_.Values("nice");
  processes_.FailWritesTo(13);

  EXPECT_THAT(Write("nice", "5"),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("set nice of process 13 to 5")));

  EXPECT_EQ(processes_.Values("nice"), before);
}

TEST_F(ProcessLimitFilesTest, WhatCouldNotBePutBackIsSaidToo) {
  processes_.Add(10, "nice", "0");
  processes_.Add(11, "nice", "0");
  processes_.FailWritesTo(11);
  processes_.BeforeWrite([this](size_t n) {
    if (n == 1) processes_.FailWritesTo(10);
  });

  EXPECT_THAT(Write("nice", "5"),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       AllOf(HasSubstr("set nice of process 11 to 5"),
                             HasSubstr("set nice of process 10 to 0"))));
}

TEST_F(ProcessLimitFilesTest, EachGetsItsOwnValueBack) {
  processes_.Add(10, "nice", "0");
  processes_.Add(11, "nice", "3");
  processes_.Add(12, "nice", "5");
  const Values before = processes_.Values("nice");
  ASSERT_THAT(Write("nice", "5"), IsOk());

  EXPECT_THAT(Restore("nice"), IsOk());

  EXPECT_EQ(processes_.Values("nice"), before);
}

TEST_F(ProcessLimitFilesTest, ThoseForkedSinceGetWhatTheirParentHad) {
  processes_.Add(10, "nice", "0");
  processes_.Add(11, "nice", "3");
  processes_.Add(12, "nice", "5", /*parent=*/10);
  ASSERT_THAT(Write("nice", "5"), IsOk());
  processes_.Fork(10, 20);
  processes_.Fork(11, 21);
  processes_.Fork(21, 22);
  // Had the value before, and so would its child have had it.
  processes_.Fork(12, 23);
  // Has changed it by itself.
  processes_.Add(24, "nice", "9", 10);

  EXPECT_THAT(Restore("nice"), IsOk());

  EXPECT_EQ(processes_.Values("nice"), (Values{{10, "0"},
                                               {11, "3"},
                                               {12, "5"},
                                               {20, "0"},
                                               {21, "3"},
                                               {22, "3"},
                                               {23, "5"},
                                               {24, "9"}}));
}

TEST_F(ProcessLimitFilesTest, OrphansGetTheOldValueWhereThereWasButOne) {
  processes_.Add(10, "nice", "0");
  ASSERT_THAT(Write("nice", "5"), IsOk());
  processes_.Fork(10, 20);
  processes_.Fork(20, 21);
  processes_.End(20);

  EXPECT_THAT(Restore("nice"), IsOk());

  EXPECT_EQ(processes_.Values("nice"), (Values{{10, "0"}, {21, "0"}}));
}

TEST_F(ProcessLimitFilesTest, HardLimitsThatRiseAreTriedFirst) {
  const std::string file = RlimitFile(RLIMIT_NOFILE);
  processes_.Add(10, file, "100:4000");
  processes_.Add(11, file, "100:unlimited");
  processes_.Add(12, file, "100:100");
  processes_.FailWritesTo(12);

  EXPECT_THAT(Write(file, "100:1000"),
              StatusIs(absl::StatusCode::kPermissionDenied));

  // Nothing that perhaps could not be put back had been done.
  EXPECT_EQ(processes_.writes(), 1u);
}

TEST_F(ProcessLimitFilesTest, LooksAgainWhereSomebodyIsMissed) {
  processes_.Add(10, "nice", "0");
  processes_.Add(11, "nice", "0");
  // It forks, and ends before it is looked at.
  processes_.BeforeRead([this](const LimitHolder& holder, size_t) {
    if (holder.tid != 11) return;
    processes_.Fork(11, 12);
    processes_.End(11);
  });

  EXPECT_THAT(Write("nice", "5"), IsOk());

  EXPECT_EQ(processes_.Values("nice"), (Values{{10, "5"}, {12, "5"}}));
}

TEST_F(ProcessLimitFilesTest, ProcessesThatComeAndGoAllTheTimeHoldNothingUp) {
  processes_.Add(10, "nice", "0");
  pid_t last = 11;
  processes_.Fork(10, last);
  processes_.BeforeRead([&](const LimitHolder& holder, size_t) {
    if (holder.tid == 10) return;
    processes_.End(holder.tid);
    processes_.Fork(10, ++last);
  });

  EXPECT_THAT(Write("nice", "5"), IsOk());

  EXPECT_THAT(processes_.Values("nice"), Each(Pair(_, "5")));
}

TEST_F(ProcessLimitFilesTest, ATaskThatNeverSettlesIsGivenUp) {
  FakeClock clock;
  ProcessLimitFiles files(processes_, clock);
  processes_.Add(10, "nice", "0");
  processes_.BeforeActivity([&](size_t) {
    clock.Advance(absl::Seconds(1));
    processes_.Add(10, "nice", "0");
  });

  EXPECT_THAT(files.Write(kProcessController, "nice", "5"),
              StatusIs(absl::StatusCode::kDeadlineExceeded,
                       AllOf(HasSubstr("change nice themselves"),
                             HasSubstr("not done after 5s"))));
}

}  // namespace
}  // namespace reeve
