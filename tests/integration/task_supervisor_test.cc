// Whole tasks on the real kernel: state directory, cgroup, shim and measuring
// together, and what an agent finds when it comes back.

#include "agent/tasks/task_supervisor.h"

#include <spawn.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/tasks/pidfd_exit.h"
#include "base/file.h"
#include "enforcement/launch/launch_error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/supervisor_fixture.h"
#include "tests/testing/runfiles.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Whether this kernel tells how a process ended that is not the asker's child.
bool KernelTellsExits() {
  char* const argv[] = {const_cast<char*>("true"), nullptr};
  pid_t pid = 0;
  EXPECT_EQ(posix_spawn(&pid, "/bin/true", nullptr, nullptr, argv, nullptr), 0);
  const UniqueFd pidfd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  EXPECT_EQ(waitpid(pid, nullptr, 0), pid);
  return ReadWaitStatus(pidfd).ok();
}

TEST_F(TaskSupervisorTest, ReportsTheExitCode) {
  const auto task = Launch("t", {"/bin/sh", "-c", "exit 42"});
  ASSERT_THAT(task, IsOk());

  const auto exit = (*task)->WaitForExit(absl::Seconds(20));

  ASSERT_TRUE(exit.has_value());
  EXPECT_EQ(exit->code, 42);
  EXPECT_EQ(exit->signal, 0);
  EXPECT_FALSE(exit->oom_killed);
}

TEST_F(TaskSupervisorTest, StopEndsATaskThatHeedsTheSignal) {
  ASSERT_THAT(Launch("t", {"/bin/sleep", "1000"}), IsOk());

  const auto exit =
      world_->supervisor().Stop("t", "SIGTERM", absl::Seconds(20));

  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->code, 128 + SIGTERM);
}

TEST_F(TaskSupervisorTest, StopKillsATaskThatIgnoresTheSignal) {
  const auto task =
      Launch("t", {"/bin/sh", "-c",
                   absl::StrCat("trap '' INT; echo > ", tree_.Path("ready"),
                                "; while :; do sleep 0.1; done")});
  ASSERT_THAT(task, IsOk());
  ASSERT_TRUE(Soon([&] { return tree_.Exists("ready"); }));

  const auto exit = world_->supervisor().Stop("t", "", absl::Milliseconds(200));

  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->code, 128 + SIGKILL);
  EXPECT_FALSE(exit->oom_killed);
}

class TaskStopMethodTest : public TaskSupervisorTest {
 protected:
  // A task "t" that is to be stopped so, once its shell has set the traps.
  void LaunchTrapping(const char* traps, const StopMethod& stop) {
    TaskSpec spec;
    spec.id = "t";
    spec.command = {"/bin/sh", "-c",
                    absl::StrCat(traps, "; echo > ", tree_.Path("ready"),
                                 "; while :; do sleep 0.1; done")};
    spec.stop = stop;
    ASSERT_THAT(world_->supervisor().Launch(spec, {}, false), IsOk());
    ASSERT_TRUE(Soon([&] { return tree_.Exists("ready"); }));
  }
};

TEST_F(TaskStopMethodTest, AStopThatSaysNothingIsAsTheSpecSays) {
  ASSERT_NO_FATAL_FAILURE(LaunchTrapping("trap 'exit 3' HUP; trap '' INT TERM",
                                         {SIGHUP, absl::Seconds(60)}));

  const auto exit = world_->supervisor().Stop("t", "", std::nullopt);

  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->code, 3);
}

TEST_F(TaskStopMethodTest, AStopThatSaysHowIsAsItSays) {
  ASSERT_NO_FATAL_FAILURE(LaunchTrapping("trap '' HUP; trap 'exit 3' INT",
                                         {SIGHUP, absl::Milliseconds(1)}));

  const auto exit = world_->supervisor().Stop("t", "INT", absl::Seconds(60));

  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->code, 3);
}

TEST_F(TaskSupervisorTest, AnUnknownStopSignalSendsNothing) {
  const auto task = Launch("t", {"/bin/sleep", "1000"});
  ASSERT_THAT(task, IsOk());

  EXPECT_THAT(world_->supervisor().Stop("t", "SIGNOPE", absl::Seconds(1)),
              StatusIs(absl::StatusCode::kInvalidArgument));

  EXPECT_EQ((*task)->Status().state, TaskState::kRunning);
}

TEST_F(TaskSupervisorTest, AnIdIsTakenUntilItsTaskIsForgotten) {
  ASSERT_THAT(Launch("t", {"/bin/true"}), IsOk());
  ASSERT_TRUE(world_->supervisor()
                  .Find("t")
                  .value()
                  ->WaitForExit(absl::Seconds(20))
                  .has_value());

  EXPECT_THAT(
      Launch("t", {"/bin/true"}),
      StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("reeve rm t")));
  ASSERT_THAT(world_->supervisor().Remove("t"), IsOk());
  EXPECT_THAT(Launch("t", {"/bin/true"}), IsOk());
}

TEST_F(TaskSupervisorTest, ARunningTaskIsNotForgotten) {
  ASSERT_THAT(Launch("t", {"/bin/sleep", "1000"}), IsOk());

  EXPECT_THAT(world_->supervisor().Remove("t"),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(TaskSupervisorTest, UpdateOfATaskThatHasExitedSaysSo) {
  const auto task = Launch("t", {"/bin/true"});
  ASSERT_THAT(task, IsOk());
  ASSERT_TRUE((*task)->WaitForExit(absl::Seconds(20)).has_value());
  ResourceLimits limits;
  limits.cpu_shares = 512;

  EXPECT_THAT(
      world_->supervisor().Update("t", limits),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("has exited")));
}

// Whatever it meets, an update works or says that the task has exited.
TEST_F(TaskSupervisorTest, UpdatesRacingWithTheExitWorkOrSaySo) {
  int refused = 0;
  for (int i = 0; i < 20; ++i) {
    SCOPED_TRACE(i);
    const auto task = Launch("t", {"/bin/sleep", "0.05"});
    ASSERT_THAT(task, IsOk());
    ResourceLimits limits;
    for (uint64_t n = 0;; ++n) {
      limits.pids = Bound::Of(100 + n % 50);
      limits.cpu_shares = 500 + n % 50;
      limits.memory_bytes = Bound::Of((64 + n % 50) << 20);
      const absl::Status status =
          world_->supervisor().Update("t", limits).status();
      if (status.ok()) continue;
      EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition,
                                   HasSubstr("task t has exited")));
      ++refused;
      break;
    }
    ASSERT_TRUE((*task)->WaitForExit(absl::Seconds(60)).has_value());
    ASSERT_THAT(world_->supervisor().Remove("t"), IsOk());
  }
  EXPECT_EQ(refused, 20);
}

TEST_F(TaskSupervisorTest, UpdatesAtOnceLeaveWhatTheTaskSaysItHas) {
  const auto task = Launch("t", {"/bin/sleep", "1000"});
  ASSERT_THAT(task, IsOk());
  std::vector<std::thread> updates;
  for (uint64_t thread = 0; thread < 4; ++thread) {
    updates.emplace_back([this, thread] {
      for (uint64_t i = 0; i < 25; ++i) {
        ResourceLimits limits;
        limits.pids = Bound::Of(100 + thread * 25 + i);
        limits.memory_bytes = Bound::Of((100 + thread * 25 + i) << 20);
        EXPECT_THAT(world_->supervisor().Update("t", limits), IsOk());
      }
    });
  }
  for (std::thread& update : updates) update.join();

  // Both are of one and the same update.
  const LimitValues values = (*task)->Limits();
  EXPECT_EQ(*values.threads, *values.memory_bytes >> 20);
  const std::string directory = (*task)->cgroup_dirs().pids->path;
  EXPECT_THAT(ReadFile(directory + "/pids.max"),
              IsOkAndHolds(absl::StrCat(*values.threads, "\n")));
  const absl::StatusOr<TaskSnapshot> shown = world_->sampler().SampleNow("t");
  ASSERT_THAT(shown, IsOk());
  EXPECT_EQ(shown->target->limits.threads, values.threads);
}

TEST_F(TaskSupervisorTest, ExitsBeyondTheLimitAreForgottenOldestFirst) {
  for (size_t i = 0; i < kMaxExitedTasks + 2; ++i) {
    const auto task = Launch(absl::StrCat("t", i), {"/bin/true"});
    ASSERT_THAT(task, IsOk());
    ASSERT_TRUE((*task)->WaitForExit(absl::Seconds(20)).has_value());
  }
  // The last exit is told before the oldest are forgotten.
  EXPECT_TRUE(Soon(
      [&] { return world_->supervisor().Count().exited == kMaxExitedTasks; }));
  EXPECT_TRUE(Soon([&] {
    return world_->state().TaskIds().value().size() == kMaxExitedTasks;
  }));
  EXPECT_THAT(world_->supervisor().Find("t0"),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(world_->supervisor().Find("t9"), IsOk());
}

// Every way in which a launch can fail, at each of its steps.
struct FailingLaunch {
  const char* name;
  std::function<void(TaskSpec*)> spoil;
  const char* error;
};

std::vector<FailingLaunch> FailingLaunches() {
  return {
      {"program", [](TaskSpec* spec) { spec->command = {"no-such-program"}; },
       "no-such-program"},
      {"directory", [](TaskSpec* spec) { spec->command = {"/tmp"}; }, "/tmp"},
      {"user", [](TaskSpec* spec) { spec->user = "no-such-user"; },
       "no-such-user"},
      {"cwd", [](TaskSpec* spec) { spec->cwd = "/no/such/dir"; },
       "/no/such/dir"},
      {"stdout", [](TaskSpec* spec) { spec->stdout_path = "/no/such/out"; },
       "/no/such/out"},
      {"shares", [](TaskSpec* spec) { spec->limits.cpu_shares = 1; }, "shares"},
      {"exec",
       [](TaskSpec* spec) {
         // Executable, but not in any format the kernel knows.
         spec->command = {RunfilePath("tests/integration/not-a-program")};
       },
       "not-a-program"},
      {"chdir as another user",
       [](TaskSpec* spec) {
         spec->user = "65534:65534";
         spec->cwd = "/root";
       },
       ""},
  };
}

TEST_F(TaskSupervisorTest, AFailedLaunchLeavesNothing) {
  for (const FailingLaunch& failing : FailingLaunches()) {
    SCOPED_TRACE(failing.name);
    const size_t files_before = CountOpenFiles();
    TaskSpec spec;
    spec.id = "t";
    spec.command = {"/bin/true"};
    failing.spoil(&spec);

    const auto task = world_->supervisor().Launch(std::move(spec), {}, false);

    if (task.ok()) {
      // Root may enter any directory before it becomes the other user.
      EXPECT_STREQ(failing.error, "");
      ASSERT_TRUE((*task)->WaitForExit(absl::Seconds(20)).has_value());
      ASSERT_THAT(world_->supervisor().Remove("t"), IsOk());
      continue;
    }
    EXPECT_THAT(std::string(task.status().message()), HasSubstr(failing.error));
    EXPECT_EQ(CountOpenFiles(), files_before);
    EXPECT_THAT(world_->state().TaskIds().value(), IsEmpty());
    EXPECT_THAT(world_->supervisor().List(), IsEmpty());
  }
}

TEST_F(TaskSupervisorTest, OnlyATasksOwnProgramIsMadeExecutable) {
  tree_.Write("task/tool", "#!/bin/sh\nexit 5\n");
  tree_.Write("host/tool", "#!/bin/sh\nexit 5\n");
  const auto mode_of = [this](const std::string& path) {
    struct stat info = {};
    EXPECT_EQ(stat(tree_.Path(path).c_str(), &info), 0);
    return info.st_mode & 0777;
  };
  const mode_t before = mode_of("host/tool");
  TaskSpec spec;
  spec.id = "own";
  spec.task_dir = tree_.Path("task");
  spec.command = {"tool"};

  const auto own = world_->supervisor().Launch(std::move(spec), {}, false);
  const auto hosts = Launch("hosts", {tree_.Path("host/tool")});

  ASSERT_THAT(own, IsOk());
  EXPECT_EQ((*own)->WaitForExit(absl::Seconds(20))->code, 5);
  EXPECT_EQ(mode_of("task/tool") & 0555, 0555u);
  EXPECT_EQ(ReasonOf(hosts.status()), LaunchErrorReason::kProgramNotExecutable);
  EXPECT_EQ(mode_of("host/tool"), before);
}

TEST_F(TaskSupervisorTest, ManyLaunchesAtOnceLeaveNothing) {
  constexpr int kWorkers = 4;
  constexpr int kLaunches = 125;
  const size_t files_before = CountOpenFiles();
  const std::vector<FailingLaunch> failing = FailingLaunches();
  std::atomic<int> good{0};

  std::vector<std::thread> workers;
  workers.reserve(kWorkers);
  for (int worker = 0; worker < kWorkers; ++worker) {
    workers.emplace_back([&, worker] {
      for (int i = 0; i < kLaunches; ++i) {
        TaskSpec spec;
        spec.id = absl::StrCat("w", worker, "-", i);
        spec.command = {"/bin/true"};
        spec.limits.pids = Bound::Of(16);
        if (i % 3 == 0) {
          failing[static_cast<size_t>(i / 3) % failing.size()].spoil(&spec);
        }
        const std::string id = spec.id;
        const auto task =
            world_->supervisor().Launch(std::move(spec), {}, false);
        if (!task.ok()) continue;
        ++good;
        EXPECT_TRUE((*task)->WaitForExit(absl::Seconds(60)).has_value());
        EXPECT_THAT(world_->supervisor().Remove(id), IsOk());
      }
    });
  }
  for (std::thread& worker : workers) worker.join();

  EXPECT_THAT(good.load(), Ge(kWorkers * kLaunches * 2 / 3));
  EXPECT_EQ(world_->observer().launched, good);
  EXPECT_EQ(world_->observer().failed, kWorkers * kLaunches - good);
  EXPECT_EQ(world_->observer().exited, good);
  EXPECT_THAT(world_->state().TaskIds().value(), IsEmpty());
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a child is left";
  EXPECT_EQ(CountOpenFiles(), files_before);
  EXPECT_EQ(world_->observer().leaked, 0);
}

TEST_F(TaskSupervisorTest, AnotherAgentTakesARunningTaskOver) {
  const auto task = Launch("t", {"/bin/sh", "-c", "sleep 1.5; exit 7"});
  ASSERT_THAT(task, IsOk());
  const pid_t pid = (*task)->Status().process.pid;

  RestartAgent();

  const auto adopted = world_->supervisor().Find("t");
  ASSERT_THAT(adopted, IsOk());
  EXPECT_EQ((*adopted)->Status().state, TaskState::kRunning);
  EXPECT_EQ((*adopted)->Status().process.pid, pid);
  EXPECT_THAT(world_->sampler().SampleNow("t"), IsOk());
  const auto exit = (*adopted)->WaitForExit(absl::Seconds(30));
  ASSERT_TRUE(exit.has_value());
  EXPECT_EQ(exit->code, 7);
}

TEST_F(TaskSupervisorTest, AStopThatIsAbandonedLeavesItToTheNext) {
  const auto task = Launch(
      "t",
      {"/bin/sh", "-c",
       absl::StrCat("trap 'echo > ", tree_.Path("asked"), "' INT; echo > ",
                    tree_.Path("ready"), "; while :; do sleep 0.1; done")});
  ASSERT_THAT(task, IsOk());
  ASSERT_TRUE(Soon([&] { return tree_.Exists("ready"); }));
  absl::StatusOr<ExitStatus> first;
  std::thread stop([&] {
    first = world_->supervisor().Stop("t", "", absl::InfiniteDuration());
  });
  EXPECT_TRUE(Soon([&] { return tree_.Exists("asked"); }));

  world_->supervisor().AbandonStops();

  stop.join();
  EXPECT_THAT(first, StatusIs(absl::StatusCode::kUnavailable,
                              HasSubstr("task t was sent SIGINT")));
  EXPECT_EQ((*task)->Status().state, TaskState::kRunning);
  // One that begins later is, too.
  EXPECT_THAT(world_->supervisor().Stop("t", "", absl::InfiniteDuration()),
              StatusIs(absl::StatusCode::kUnavailable));

  RestartAgent();
  const auto exit = world_->supervisor().Stop("t", "", absl::Milliseconds(200));
  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->code, 128 + SIGKILL);
}

TEST_F(TaskSupervisorTest, AnotherAgentTakesManyTasksOver) {
  // So many that it does so on several threads, if it has the cores.
  constexpr int kTasks = 64;
  std::map<std::string, pid_t> pids;
  for (int i = 0; i < kTasks; ++i) {
    TaskSpec spec;
    spec.id = absl::StrCat("t", i);
    spec.command = {"/bin/sleep", "1000"};
    if (i % 2 == 0) spec.group = absl::StrCat("g", i % 3);
    const auto task = world_->supervisor().Launch(spec, {}, false);
    ASSERT_THAT(task, IsOk());
    pids[spec.id] = (*task)->Status().process.pid;
  }

  RestartAgent();

  ASSERT_EQ(world_->supervisor().List().size(), size_t{kTasks});
  for (const auto& [id, pid] : pids) {
    const auto task = world_->supervisor().Find(id);
    ASSERT_THAT(task, IsOk());
    EXPECT_EQ((*task)->Status().state, TaskState::kRunning);
    EXPECT_EQ((*task)->Status().process.pid, pid);
    EXPECT_NE((*task)->Status().shim.pid, pid);
  }
  EXPECT_EQ(world_->supervisor().ListGroups().size(), 3U);
}

TEST_F(TaskSupervisorTest, ATaskThatEndedMeanwhileHasItsRealStatus) {
  ASSERT_THAT(Launch("t", {"/bin/sh", "-c", "sleep 0.3; exit 9"}), IsOk());
  world_.reset();
  absl::SleepFor(absl::Seconds(1));

  world_.emplace(tree_.Path("state"), parent_);

  const auto exit =
      world_->supervisor().Find("t").value()->WaitForExit(absl::Seconds(10));
  ASSERT_TRUE(exit.has_value());
  EXPECT_EQ(exit->code, 9);
}

TEST_F(TaskSupervisorTest, ATaskWhoseShimWasKilledGoesOnAndItsEndIsFoundOut) {
  const auto task = Launch("t", {"/bin/sleep", "1000"});
  ASSERT_THAT(task, IsOk());
  const TaskStatus status = (*task)->Status();

  ASSERT_EQ(kill(status.shim.pid, SIGKILL), 0);

  EXPECT_FALSE((*task)->WaitForExit(absl::Milliseconds(500)).has_value())
      << "the task was ended with its shim";
  ASSERT_EQ(kill(status.process.pid, 0), 0);
  const auto exit =
      world_->supervisor().Stop("t", "SIGTERM", absl::Seconds(20));
  ASSERT_THAT(exit, IsOk());
  if (KernelTellsExits()) {
    EXPECT_EQ(exit->code, 128 + SIGTERM);
    EXPECT_EQ(exit->signal, SIGTERM);
    EXPECT_EQ(exit->reason, "");
  } else {
    EXPECT_EQ(exit->code, ExitStatus::kUnknown);
    EXPECT_THAT(exit->reason, HasSubstr("shim"));
  }
}

TEST_F(TaskSupervisorTest, ATaskThatIsTiedToTheAgentEndsWithIt) {
  TaskSpec tied;
  tied.id = "tied";
  tied.command = {"/bin/sh", "-c", "trap '' TERM INT HUP; sleep 1000 & wait"};
  tied.kill_on_agent_exit = true;
  ASSERT_THAT(world_->supervisor().Launch(tied, {}, false), IsOk());
  ASSERT_THAT(Launch("free", {"/bin/sleep", "1000"}), IsOk());

  // The pipe is the supervisor's: it goes with it as with a killed process.
  RestartAgent();

  const auto exit =
      world_->supervisor().Find("tied").value()->WaitForExit(absl::Seconds(20));
  ASSERT_TRUE(exit.has_value());
  EXPECT_EQ(exit->signal, SIGKILL);
  EXPECT_EQ(world_->supervisor().Find("free").value()->Status().state,
            TaskState::kRunning);
}

TEST_F(TaskSupervisorTest, ALaunchThatIsGivenUpLeavesNothing) {
  // One more question is asked each time before the answer is yes.
  for (int answers = 0; answers < 10; ++answers) {
    TaskSpec spec;
    spec.id = "t";
    spec.command = {"/bin/sleep", "1000"};
    int left = answers;
    const auto launched = world_->supervisor().Launch(
        spec, {}, false, absl::ZeroDuration(), [&left] { return left-- <= 0; });
    if (launched.ok()) {
      // Past the last question.
      EXPECT_GE(answers, 4);
      return;
    }

    EXPECT_THAT(launched, StatusIs(absl::StatusCode::kCancelled));
    EXPECT_THAT(world_->supervisor().List(), IsEmpty());
    EXPECT_THAT(world_->state().TaskIds().value(), IsEmpty());
    EXPECT_FALSE(world_->sampler().SampleNow("t").ok());
  }
  FAIL() << "a launch asks for ever";
}

TEST_F(TaskSupervisorTest, AHalfMadeLaunchIsClearedAwayAtTheStart) {
  tree_.Write("state/tasks/half/process.json", "{\"version\":");

  RestartAgent();

  EXPECT_THAT(world_->supervisor().Find("half"),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(world_->state().TaskIds().value(), IsEmpty());
}

TEST_F(TaskSupervisorTest, ATaskOfAnEarlierBootEndedAsUnknown) {
  const auto task = Launch("t", {"/bin/true"});
  ASSERT_THAT(task, IsOk());
  ASSERT_TRUE((*task)->WaitForExit(absl::Seconds(20)).has_value());
  tree_.Write("state/tasks/t/bootid", "another boot\n");
  ASSERT_EQ(unlink(tree_.Path("state/tasks/t/exitStatus").c_str()), 0);

  RestartAgent();

  const auto exit =
      world_->supervisor().Find("t").value()->WaitForExit(absl::Seconds(10));
  ASSERT_TRUE(exit.has_value());
  EXPECT_EQ(exit->code, ExitStatus::kUnknown);
  EXPECT_THAT(exit->reason, HasSubstr("rebooted"));
}

}  // namespace
}  // namespace reeve
