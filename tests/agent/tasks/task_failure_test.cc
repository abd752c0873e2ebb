#include "agent/tasks/task_failure.h"

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

ExitStatus ExitOf(int code) {
  ExitStatus exit;
  exit.code = code;
  return exit;
}

class TaskFailureTest : public ::testing::Test {
 protected:
  Task task_{TaskSpec(), /*auto_remove=*/false};
};

TEST_F(TaskFailureTest, ATaskThatHasNotEndedHasNotFailed) {
  EXPECT_FALSE(HasFailed(task_));
}

TEST_F(TaskFailureTest, AnotherExitCodeThanZeroIsAFailure) {
  task_.MarkExited(ExitOf(1));

  EXPECT_TRUE(HasFailed(task_));
}

TEST_F(TaskFailureTest, AnEndThatIsNotKnownIsAFailure) {
  task_.MarkExited(ExitOf(-1));

  EXPECT_TRUE(HasFailed(task_));
}

TEST_F(TaskFailureTest, ExitCodeZeroIsNone) {
  task_.MarkExited(ExitOf(0));

  EXPECT_FALSE(HasFailed(task_));
}

TEST_F(TaskFailureTest, AStopIsNone) {
  task_.BeginStop();
  task_.MarkExited(ExitOf(130));
  task_.EndStop();

  EXPECT_FALSE(HasFailed(task_));
}

TEST_F(TaskFailureTest, WhatWaitsForItsNextAttemptHasNotFailedYet) {
  ASSERT_TRUE(task_.MarkRestarting(ExitOf(1), 1, absl::InfiniteFuture()));

  EXPECT_FALSE(HasFailed(task_));
}

}  // namespace
}  // namespace reeve
