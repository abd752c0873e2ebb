// The limits of each process that a task is started with.

#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>

#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/launch_fixture.h"
#include "tests/integration/process_view.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class LaunchLimitsTest : public LaunchTest {
 protected:
  void TearDown() override {
    if (task_.has_value()) {
      kill(task_->process.pid, SIGKILL);
      EXPECT_THAT(AwaitExit(*task_), IsOk());
    }
    LaunchTest::TearDown();
  }

  // The main process of a task that sleeps; 0 if it does not start.
  pid_t Sleep(LaunchRequest request) {
    absl::StatusOr<LaunchedTask> task = launcher_.Launch(std::move(request));
    EXPECT_THAT(task, IsOk());
    if (!task.ok()) return 0;
    task_ = *std::move(task);
    return task_->process.pid;
  }

  LaunchRequest SleepRequest() { return Request("/bin/sleep", {"1000"}); }

  absl::Status Fail(LaunchRequest request) {
    const Footprint before = Footprint::Now();
    absl::Status status = launcher_.Launch(std::move(request)).status();
    Footprint after = Footprint::Now();
    // The request's own are closed.
    after.descriptors = before.descriptors;
    EXPECT_EQ(after, before);
    EXPECT_TRUE(StateFiles().empty());
    return status;
  }

  std::optional<LaunchedTask> task_;
};

TEST_F(LaunchLimitsTest, EachLimitIsThere) {
  LaunchRequest request = SleepRequest();
  request.oom_score_adj = 400;
  request.nice = 7;
  request.scheduling = SchedulingPolicy{SchedulingPolicy::Kind::kBatch, 0};
  request.rlimits = {{RLIMIT_NOFILE, Bound::Of(300), Bound::Of(400)},
                     {RLIMIT_CORE, Bound::Of(0), Bound::Unlimited()},
                     {RLIMIT_STACK, Bound::Of(1 << 20), Bound::Unlimited()}};

  const pid_t pid = Sleep(std::move(request));

  EXPECT_EQ(OomScoreAdjOf(pid), "400");
  EXPECT_EQ(NiceOf(pid, pid), "7");
  EXPECT_EQ(PolicyOf(pid, pid), absl::StrCat(SCHED_BATCH));
  EXPECT_EQ(LimitOf(pid, "Max open files"), "300 400");
  EXPECT_EQ(LimitOf(pid, "Max core file size"), "0 unlimited");
  EXPECT_EQ(LimitOf(pid, "Max stack size"), "1048576 unlimited");
}

TEST_F(LaunchLimitsTest, ThoseOfTheShimAreNotTheTasks) {
  const std::string nice = NiceOf(getpid(), getpid());
  LaunchRequest request = SleepRequest();
  request.oom_score_adj = 400;
  request.nice = 7;
  request.rlimits = {{RLIMIT_NOFILE, Bound::Of(300), Bound::Of(400)}};

  const pid_t pid = Sleep(std::move(request));

  ASSERT_NE(pid, 0);
  const pid_t shim = task_->shim.pid;
  EXPECT_EQ(NiceOf(shim, shim), nice);
  EXPECT_NE(OomScoreAdjOf(shim), "400");
  EXPECT_NE(LimitOf(shim, "Max open files"), "300 400");
}

TEST_F(LaunchLimitsTest, AnotherUserHasThemToo) {
  LaunchRequest request = SleepRequest();
  Credentials credentials;
  credentials.uid = 54321;
  credentials.gid = 54321;
  request.credentials = credentials;
  request.nice = -5;
  request.oom_score_adj = 0;
  request.rlimits = {{RLIMIT_NOFILE, Bound::Of(300), Bound::Of(400)}};

  const pid_t pid = Sleep(std::move(request));

  EXPECT_EQ(NiceOf(pid, pid), "-5");
  EXPECT_EQ(LimitOf(pid, "Max open files"), "300 400");
}

TEST_F(LaunchLimitsTest, FewOpenFilesDoNotKeepTheStartFromItsOwn) {
  LaunchRequest request = Request(Program("bare_true"), {});
  request.rlimits = {{RLIMIT_NOFILE, Bound::Of(0), Bound::Of(0)}};
  const absl::StatusOr<ExitStatus> exit = Run(std::move(request));
  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->code, 0);
}

TEST_F(LaunchLimitsTest, ARealTimePolicyIsSetBeforeTheUserIs) {
  if (!HasCapability(CAP_SYS_NICE)) {
    GTEST_SKIP() << "this process lacks CAP_SYS_NICE";
  }
  LaunchRequest request = SleepRequest();
  Credentials credentials;
  credentials.uid = 54321;
  credentials.gid = 54321;
  request.credentials = credentials;
  request.scheduling = SchedulingPolicy{SchedulingPolicy::Kind::kRoundRobin, 3};

  const pid_t pid = Sleep(std::move(request));

  EXPECT_EQ(PolicyOf(pid, pid), absl::StrCat(SCHED_RR, ":3"));
}

TEST_F(LaunchLimitsTest, AHardLimitThatCannotBeRaisedFailsTheLaunch) {
  LaunchRequest request = SleepRequest();
  request.rlimits = {{RLIMIT_CORE, Bound::Of(0), Bound::Of(0)},
                     {RLIMIT_NOFILE, Bound::Of(1), Bound::Unlimited()}};
  EXPECT_THAT(
      Fail(std::move(request)),
      StatusIs(absl::StatusCode::kPermissionDenied,
               AllOf(HasSubstr("set rlimit.nofile to 1:unlimited: Operation "
                               "not permitted: "),
                     HasSubstr(HasCapability(CAP_SYS_RESOURCE)
                                   ? "/proc/sys/fs/nr_open allows"
                                   : "needs CAP_SYS_RESOURCE"))));
}

TEST_F(LaunchLimitsTest, AnOomScoreThatCannotBeLoweredFailsTheLaunch) {
  LaunchRequest request = SleepRequest();
  request.oom_score_adj = -1000;
  if (HasCapability(CAP_SYS_RESOURCE)) {
    const pid_t pid = Sleep(std::move(request));
    EXPECT_EQ(OomScoreAdjOf(pid), "-1000");
    return;
  }
  EXPECT_THAT(Fail(std::move(request)),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("set oom_score_adj to -1000: Permission "
                                 "denied: lowering it needs "
                                 "CAP_SYS_RESOURCE")));
}

}  // namespace
}  // namespace reeve
