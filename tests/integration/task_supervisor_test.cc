// Whole tasks on the real kernel: state directory, cgroup, shim and measuring
// together, and what an agent finds when it comes back.

#include "agent/tasks/task_supervisor.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/state/state_directory.h"
#include "base/file.h"
#include "base/system_clock.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/sampler.h"
#include "collectors/snapshot_store.h"
#include "enforcement/cgroup/cgroup_parent.h"
#include "enforcement/cgroup/libcgroup_controller.h"
#include "enforcement/launch/launch_error.h"
#include "enforcement/launch/launcher.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/runfiles.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class IgnoringCollectorObserver final : public CollectorObserver {
 public:
  void OnRound(absl::Duration, absl::Duration, uint64_t, uint64_t) override {}
  void OnError(absl::string_view, const absl::Status&) override {}
};

class CountingTaskObserver final : public TaskObserver {
 public:
  void OnLaunch(const absl::Status& status, absl::Duration) override {
    ++(status.ok() ? launched : failed);
  }
  void OnExit(const ExitStatus&, uint64_t) override { ++exited; }
  void OnUpdate(const ResourceLimits&, const absl::Status&,
                absl::Duration) override {}
  void OnCgroupLeaked(const absl::Status&) override { ++leaked; }

  std::atomic<int> launched{0};
  std::atomic<int> failed{0};
  std::atomic<int> exited{0};
  std::atomic<int> leaked{0};
};

constexpr size_t kMaxExitedTasks = 8;

// All that a supervisor needs, as the agent puts it together.
class World {
 public:
  World(const std::string& state_dir, const std::string& cgroup_parent)
      : state_(StateDirectory::Open(state_dir).value()),
        mounts_(CgroupMounts::Discover().value()),
        controller_(mounts_),
        sampler_(SamplerOptions{absl::Milliseconds(200)}, clock_, store_,
                 ignoring_),
        launcher_(
            {RunfilePath("enforcement/shim/reeve-shim"), absl::Seconds(15)}),
        supervisor_(
            {&clock_, &mounts_, &controller_, &sampler_, &launcher_, &state_,
             &observer_},
            {cgroup_parent, std::nullopt, /*task_nice=*/0, kMaxExitedTasks}),
        cgroup_parent_(cgroup_parent) {
    sampler_.Start();
    EXPECT_THAT(supervisor_.Start(), IsOk());
  }

  ~World() {
    supervisor_.Stop();
    sampler_.Stop();
    RemoveParentIfEmpty(mounts_, cgroup_parent_);
  }

  TaskSupervisor& supervisor() { return supervisor_; }
  const CountingTaskObserver& observer() const { return observer_; }
  const StateDirectory& state() const { return state_; }
  const CgroupMounts& mounts() const { return mounts_; }
  Sampler& sampler() { return sampler_; }

 private:
  SystemClock clock_;
  StateDirectory state_;
  CgroupMounts mounts_;
  LibcgroupController controller_;
  SnapshotStore store_;
  IgnoringCollectorObserver ignoring_;
  CountingTaskObserver observer_;
  Sampler sampler_;
  Launcher launcher_;
  TaskSupervisor supervisor_;
  std::string cgroup_parent_;
};

size_t CountOpenFiles() {
  size_t count = 0;
  DIR* const dir = opendir("/proc/self/fd");
  while (readdir(dir) != nullptr) ++count;
  closedir(dir);
  return count;
}

class TaskSupervisorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root to make cgroups";
    world_.emplace(tree_.Path("state"), parent_);
  }

  void TearDown() override {
    if (!world_.has_value()) return;
    for (const auto& task : world_->supervisor().List()) {
      (void)world_->supervisor().Stop(task->id(), "", absl::ZeroDuration());
    }
    const CgroupMounts mounts = world_->mounts();
    world_.reset();
    EXPECT_THAT(CgroupsLeft(mounts), IsEmpty());
  }

  std::vector<std::string> CgroupsLeft(const CgroupMounts& mounts) {
    std::vector<std::string> left;
    for (const CgroupHierarchy& hierarchy : mounts.hierarchies()) {
      const std::string path = absl::StrCat(hierarchy.mount_point, parent_);
      if (access(path.c_str(), F_OK) == 0) left.push_back(path);
    }
    return left;
  }

  absl::StatusOr<std::shared_ptr<Task>> Launch(const std::string& id,
                                               std::vector<std::string> command,
                                               ResourceLimits limits = {}) {
    TaskSpec spec;
    spec.id = id;
    spec.command = std::move(command);
    spec.limits = limits;
    return world_->supervisor().Launch(std::move(spec), {}, false);
  }

  // Ends the supervisor as a killed agent would, and starts another on the same
  // state.
  void RestartAgent() {
    world_.reset();
    world_.emplace(tree_.Path("state"), parent_);
  }

  FakeTree tree_;
  std::string parent_ = absl::StrCat("/reeve-test-", getpid());
  std::optional<World> world_;
};

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
  const auto task = Launch(
      "t", {"/bin/sh", "-c", "trap '' INT; while :; do sleep 0.1; done"});
  ASSERT_THAT(task, IsOk());
  absl::SleepFor(absl::Milliseconds(300));

  const auto exit = world_->supervisor().Stop("t", "", absl::Milliseconds(200));

  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->code, 128 + SIGKILL);
  EXPECT_FALSE(exit->oom_killed);
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

TEST_F(TaskSupervisorTest, ExitsBeyondTheLimitAreForgottenOldestFirst) {
  for (size_t i = 0; i < kMaxExitedTasks + 2; ++i) {
    const auto task = Launch(absl::StrCat("t", i), {"/bin/true"});
    ASSERT_THAT(task, IsOk());
    ASSERT_TRUE((*task)->WaitForExit(absl::Seconds(20)).has_value());
  }
  // The last exit is told before the oldest are forgotten.
  absl::SleepFor(absl::Milliseconds(200));

  EXPECT_EQ(world_->supervisor().Count().exited, kMaxExitedTasks);
  EXPECT_EQ(world_->state().TaskIds().value().size(), kMaxExitedTasks);
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

TEST_F(TaskSupervisorTest, ATaskWhoseShimWasKilledGoesOnAndEndsAsUnknown) {
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
  EXPECT_EQ(exit->code, ExitStatus::kUnknown);
  EXPECT_THAT(exit->reason, HasSubstr("shim"));
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
