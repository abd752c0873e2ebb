// Processes that ran before the task that they are taken into.

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "agent/tasks/task_supervisor.h"
#include "base/file.h"
#include "enforcement/cgroup/process_homes.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/supervisor_fixture.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AnyOf;
using ::testing::Eq;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr absl::Duration kPatience = absl::Seconds(20);

// A child of the test that leads a tree of its own.
class Child {
 public:
  explicit Child(const std::string& script) {
    std::string text = script;
    char shell[] = "sh";
    char command[] = "-c";
    char* const argv[] = {shell, command, text.data(), nullptr};
    EXPECT_EQ(posix_spawn(&pid_, "/bin/sh", nullptr, nullptr, argv, environ),
              0);
  }
  ~Child() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }

  // Waits for its end, as a parent does.
  void Reap() {
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  pid_t pid_ = 0;
};

class TaskAdoptionTest : public TaskSupervisorTest {
 protected:
  absl::StatusOr<std::shared_ptr<Task>> Adopt(pid_t pid, bool tree = false,
                                              ResourceLimits limits = {},
                                              uint64_t start_time = 0) {
    TaskSpec spec;
    spec.id = "t";
    spec.limits = std::move(limits);
    return world_->supervisor().Adopt(std::move(spec), pid, start_time, tree);
  }

  std::set<std::string> DirectoriesOf(pid_t pid) {
    std::set<std::string> directories;
    const absl::StatusOr<std::string> text =
        ReadFile(absl::StrCat("/proc/", pid, "/cgroup"));
    if (!text.ok()) return directories;
    for (const auto& [mount, directory] :
         CgroupDirectoriesIn(world_->mounts(), *text)) {
      directories.insert(directory);
    }
    return directories;
  }

  // Hierarchies in which the process is in the task's cgroup.
  size_t CountInTask(pid_t pid) {
    size_t count = 0;
    for (const std::string& directory : DirectoriesOf(pid)) {
      if (absl::StrContains(directory, absl::StrCat(parent_, "/t"))) ++count;
    }
    return count;
  }

  bool Appears(const std::string& path) const {
    const absl::Time until = absl::Now() + kPatience;
    while (access(path.c_str(), F_OK) != 0) {
      if (absl::Now() > until) return false;
      absl::SleepFor(absl::Milliseconds(5));
    }
    return true;
  }

  pid_t PidIn(const std::string& path) const {
    pid_t pid = 0;
    EXPECT_TRUE(Appears(path));
    EXPECT_TRUE(absl::SimpleAtoi(ReadFile(path).value_or(""), &pid));
    return pid;
  }

  TaskStatus StatusNow() {
    return world_->supervisor().Find("t").value()->Status();
  }
};

TEST_F(TaskAdoptionTest, AProcessIsLimitedMeasuredUpdatedAndStopped) {
  const Child child("while :; do :; done");
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(64 << 20);
  limits.pids = Bound::Of(20);
  limits.nice = 7;

  const auto task = Adopt(child.pid(), false, limits);

  ASSERT_THAT(task, IsOk());
  EXPECT_EQ((*task)->Status().process.pid, child.pid());
  EXPECT_THAT(CountInTask(child.pid()), Ge(1U));
  EXPECT_EQ((*task)->Limits().memory_bytes, uint64_t{64 << 20});
  EXPECT_EQ(getpriority(PRIO_PROCESS, static_cast<id_t>(child.pid())), 7);
  absl::SleepFor(absl::Milliseconds(300));
  const auto sample = world_->sampler().SampleNow("t");
  ASSERT_THAT(sample, IsOk());
  EXPECT_GT(*sample->cgroup.cpu_usage_ns, 0U);
  EXPECT_THAT(sample->cgroup.threads, Eq(uint64_t{1}));
  ResourceLimits update;
  update.pids = Bound::Of(30);
  ASSERT_THAT(world_->supervisor().Update("t", update), IsOk());
  ASSERT_THAT(world_->supervisor().Pause("t"), IsOk());
  ASSERT_THAT(world_->supervisor().Resume("t"), IsOk());
}

TEST_F(TaskAdoptionTest, ItsExitIsKnownWhereTheKernelTells) {
  Child child("sleep 0.3; exit 5");
  const auto task = Adopt(child.pid());
  ASSERT_THAT(task, IsOk());

  child.Reap();
  const auto exit = (*task)->WaitForExit(kPatience);

  ASSERT_TRUE(exit.has_value());
  if (exit->code == ExitStatus::kUnknown) {
    EXPECT_THAT(exit->reason, HasSubstr("the kernel does not tell"));
  } else {
    EXPECT_EQ(exit->code, 5);
  }
}

TEST_F(TaskAdoptionTest, StopEndsItAndAllThatCameWithIt) {
  const std::string inner = tree_.Path("inner");
  Child child(absl::StrCat("sleep 1000 & echo $! > ", inner, ".tmp; mv ", inner,
                           ".tmp ", inner, "; wait"));
  const pid_t sleep = PidIn(inner);
  ASSERT_THAT(Adopt(child.pid(), /*tree=*/true), IsOk());
  EXPECT_THAT(CountInTask(sleep), Ge(1U));

  absl::StatusOr<ExitStatus> exit;
  {
    // The parent of an adopted process is the one to reap it.
    std::thread reaper([&child] { child.Reap(); });
    exit = world_->supervisor().Stop("t", "SIGTERM", absl::Seconds(5));
    reaper.join();
  }

  ASSERT_THAT(exit, IsOk());
  const absl::Time until = absl::Now() + kPatience;
  while (kill(sleep, 0) == 0 && absl::Now() < until) {
    absl::SleepFor(absl::Milliseconds(20));
  }
  EXPECT_NE(kill(sleep, 0), 0) << "a descendant has outlived the task";
}

TEST_F(TaskAdoptionTest, WithoutTreeDescendantsStayWhereTheyAre) {
  const std::string inner = tree_.Path("inner");
  const Child child(absl::StrCat("sleep 1000 & echo $! > ", inner, ".tmp; mv ",
                                 inner, ".tmp ", inner,
                                 "; while :; do sleep 0.1; done"));
  const pid_t sleep = PidIn(inner);

  ASSERT_THAT(Adopt(child.pid()), IsOk());

  EXPECT_EQ(CountInTask(sleep), 0U);
  EXPECT_THAT(CountInTask(child.pid()), Ge(1U));
  kill(sleep, SIGKILL);
}

TEST_F(TaskAdoptionTest, ATreeThatForksAllTheTimeIsTakenWhole) {
  const std::string all = tree_.Path("all");
  const Child child(absl::StrCat(
      "for i in 1 2 3 4; do (while :; do sleep 0.01 & wait; done) & done; "
      "echo > ",
      all, "; wait"));
  ASSERT_TRUE(Appears(all));

  const auto task = Adopt(child.pid(), /*tree=*/true);

  ASSERT_THAT(task, IsOk());
  absl::SleepFor(absl::Milliseconds(100));
  const absl::StatusOr<std::string> children = ReadFile(
      absl::StrCat("/proc/", child.pid(), "/task/", child.pid(), "/children"));
  ASSERT_THAT(children, IsOk());
  for (const absl::string_view text :
       absl::StrSplit(*children, ' ', absl::SkipEmpty())) {
    pid_t pid = 0;
    ASSERT_TRUE(absl::SimpleAtoi(text, &pid));
    EXPECT_THAT(CountInTask(pid), Ge(1U));
  }
}

TEST_F(TaskAdoptionTest, WhatMustNotBeAdoptedIsRefusedAndLeavesNothing) {
  ASSERT_THAT(Launch("other", {"/bin/sleep", "1000"}), IsOk());
  const TaskStatus other = world_->supervisor().Find("other").value()->Status();

  const std::vector<std::pair<pid_t, const char*>> cases = {
      {0, "give that of a running process"},
      {-5, "give that of a running process"},
      {1, "the machine's first"},
      {2, "a kernel thread"},
      {getpid(), "the agent itself"},
      {other.shim.pid, "the shim of a task"},
      {other.process.pid, "is of a task already"},
      {4'000'000, "no process 4000000"}};
  for (const auto& [pid, message] : cases) {
    const auto refused = Adopt(pid);
    ASSERT_FALSE(refused.ok()) << pid;
    EXPECT_THAT(std::string(refused.status().message()), HasSubstr(message));
  }
  EXPECT_EQ(world_->supervisor().List().size(), 1U);
  EXPECT_THAT(world_->state().TaskIds().value(),
              ::testing::ElementsAre("other"));
}

TEST_F(TaskAdoptionTest, ATreeWithTheAgentInItIsRefused) {
  // The first process, if nobody else is between.
  const auto refused = Adopt(getppid(), /*tree=*/true);

  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument,
                                AnyOf(HasSubstr("the agent is one of them"),
                                      HasSubstr("the machine's first"))));
  EXPECT_EQ(CountInTask(getppid()), 0U);
  EXPECT_THAT(world_->supervisor().List(), IsEmpty());
}

TEST_F(TaskAdoptionTest, AnotherProcessOfThatPidIsNotTaken) {
  const Child child("exec sleep 1000");

  EXPECT_THAT(Adopt(child.pid(), false, {}, /*start_time=*/1),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("its pid is another's now")));
  EXPECT_EQ(CountInTask(child.pid()), 0U);
}

TEST_F(TaskAdoptionTest, AZombieIsRefused) {
  const Child child("exit 0");
  // Its end is awaited, and not taken.
  siginfo_t end;
  ASSERT_EQ(
      waitid(P_PID, static_cast<id_t>(child.pid()), &end, WEXITED | WNOWAIT),
      0);

  EXPECT_THAT(
      Adopt(child.pid()),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("has ended")));
}

// Cgroups of the test's own, for a process to be put back to.
class Home {
 public:
  Home(const CgroupMounts& mounts, const std::string& name, pid_t pid) {
    for (const CgroupHierarchy& hierarchy : mounts.hierarchies()) {
      const std::string path = absl::StrCat(hierarchy.mount_point, name);
      if (mkdir(path.c_str(), 0755) != 0) continue;
      paths_.push_back(path);
      const UniqueFd procs(
          open(absl::StrCat(path, "/cgroup.procs").c_str(), O_WRONLY));
      const std::string text = absl::StrCat(pid);
      // A cpuset without CPUs takes nobody.
      (void)!write(procs.get(), text.data(), text.size());
    }
  }
  ~Home() {
    for (const std::string& path : paths_) {
      const absl::Time until = absl::Now() + kPatience;
      while (rmdir(path.c_str()) != 0 && absl::Now() < until) {
        absl::SleepFor(absl::Milliseconds(10));
      }
    }
  }
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;

 private:
  std::vector<std::string> paths_;
};

TEST_F(TaskAdoptionTest, AfterAFailureItIsWhereItWas) {
  std::optional<Child> child;
  child.emplace("exec sleep 1000");
  const Home home(world_->mounts(), absl::StrCat(parent_, "-home"),
                  child->pid());
  const std::set<std::string> before = DirectoriesOf(child->pid());
  ResourceLimits limits;
  // More than any kernel lets a process open.
  limits.rlimits = {{RLIMIT_NOFILE, Bound::Of(uint64_t{1} << 40),
                     Bound::Of(uint64_t{1} << 40)}};

  const auto refused = Adopt(child->pid(), false, limits);

  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(DirectoriesOf(child->pid()), before);
  EXPECT_EQ(kill(child->pid(), 0), 0);
  EXPECT_FALSE(world_->supervisor().Find("t").ok());
  child.reset();
}

TEST_F(TaskAdoptionTest, TheNextAgentGoesOnWithIt) {
  Child child("exec sleep 1000");
  ASSERT_THAT(Adopt(child.pid(), /*tree=*/true), IsOk());

  RestartAgent();

  const TaskStatus status = StatusNow();
  EXPECT_EQ(status.state, TaskState::kRunning);
  EXPECT_EQ(status.process.pid, child.pid());
  ASSERT_EQ(kill(child.pid(), SIGTERM), 0);
  child.Reap();
  const auto exit =
      world_->supervisor().Find("t").value()->WaitForExit(kPatience);
  ASSERT_TRUE(exit.has_value());
  if (exit->code != ExitStatus::kUnknown) {
    EXPECT_EQ(exit->signal, SIGTERM);
  }
}

// As an agent leaves it that ends after the record and before the move.
TEST_F(TaskAdoptionTest, TheNextAgentFinishesAnAdoption) {
  const Child child("exec sleep 1000");
  {
    const Child first("exec sleep 1000");
    ASSERT_THAT(Adopt(first.pid(), /*tree=*/true), IsOk());
    world_.reset();
    const auto dir = OpenDirAt(AT_FDCWD, tree_.Path("state/tasks/t"));
    ASSERT_THAT(dir, IsOk());
    const auto stat = ReadFile(absl::StrCat("/proc/", child.pid(), "/stat"));
    ASSERT_THAT(stat, IsOk());
    const std::vector<std::string> fields = absl::StrSplit(*stat, ' ');
    uint64_t start_time = 0;
    ASSERT_TRUE(absl::SimpleAtoi(fields[21], &start_time));
    ASSERT_THAT(WriteTaskProcess(dir->get(), {child.pid(), start_time}),
                IsOk());
  }

  world_.emplace(tree_.Path("state"), parent_);

  EXPECT_THAT(CountInTask(child.pid()), Ge(1U));
  EXPECT_EQ(StatusNow().process.pid, child.pid());
}

}  // namespace
}  // namespace reeve
