// Limits that each process keeps, changed on a whole task on the real kernel,
// together with those of its cgroup.

#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/system_clock.h"
#include "enforcement/cgroup/cgroup_dir_fds.h"
#include "enforcement/cgroup/limit_update.h"
#include "enforcement/cgroup/task_limit_files.h"
#include "enforcement/process/cgroup_processes.h"
#include "enforcement/process/process_limit_files.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/process_view.h"
#include "tests/integration/task_cgroup_fixture.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::Field;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

using Children = std::vector<std::unique_ptr<CgroupChild>>;

int SleepWithThreads() {
  for (int i = 0; i < 3; ++i) std::thread(Sleep).detach();
  return Sleep();
}

int SleepWithChild() {
  if (fork() == 0) return Sleep();
  return Sleep();
}

// Children that live for a moment, one after the other.
int ForkForever() {
  while (true) {
    const pid_t child = fork();
    if (child == 0) _exit(0);
    waitpid(child, nullptr, 0);
  }
}

// A process that is another all the time: its child goes on in its place, for a
// little longer than it takes to see it, which is longer in an emulated
// machine.
int MoveForever() {
  const useconds_t life = std::getenv("REEVE_VM") != nullptr ? 100'000 : 2'000;
  while (true) {
    const pid_t child = fork();
    if (child > 0) _exit(0);
    if (child == 0) usleep(life);
  }
}

ResourceLimits AllLimits() {
  ResourceLimits limits;
  limits.oom_score_adj = 300;
  limits.nice = 5;
  limits.scheduling = SchedulingPolicy{SchedulingPolicy::Kind::kBatch, 0};
  limits.rlimits = {{RLIMIT_NOFILE, Bound::Of(100), Bound::Of(200)},
                    {RLIMIT_CORE, Bound::Of(0), Bound::Of(4096)}};
  return limits;
}

class TaskProcessLimitsTest : public TaskCgroupTest {
 protected:
  void SetUp() override {
    TaskCgroupTest::SetUp();
    if (IsSkipped()) return;
    // What tasks leave behind is reaped here.
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    cgroup_ = Create("web");
    ASSERT_NE(cgroup_, nullptr);
  }

  void TearDown() override {
    if (cgroup_ != nullptr) {
      EXPECT_THAT(cgroup_->Kill(kPatience), IsOk());
    }
    children_.clear();
    while (waitpid(-1, nullptr, 0) > 0) {
    }
    TaskCgroupTest::TearDown();
  }

  pid_t Run(const std::function<int()>& body) {
    children_.push_back(Start(*cgroup_, body));
    return children_.back()->pid();
  }

  std::vector<pid_t> Pids() const {
    const CgroupDirs dirs = cgroup_->dirs();
    return ProcessesIn((dirs.unified ? dirs.unified : dirs.pids)->path);
  }

  // Waits until these are there, and no more come: a sanitizer adds threads of
  // its own.
  bool EventuallyHas(size_t processes, size_t threads) const {
    size_t before = 0;
    int unchanged = 0;
    for (int i = 0; i < 6000 && unchanged < 10; ++i) {
      size_t seen = 0;
      for (const pid_t pid : Pids()) seen += ThreadsOf(pid).size();
      const bool enough = Pids().size() == processes && seen >= threads;
      unchanged = enough && seen == before ? unchanged + 1 : 0;
      before = seen;
      absl::SleepFor(absl::Milliseconds(10));
    }
    return unchanged == 10;
  }

  std::vector<std::string> ForEachProcess(
      const std::function<std::string(pid_t)>& look) const {
    std::vector<std::string> values;
    for (const pid_t pid : Pids()) {
      const std::string value = look(pid);
      if (!value.empty()) values.push_back(value);
    }
    return values;
  }

  std::vector<std::string> ForEachThread(
      const std::function<std::string(pid_t, pid_t)>& look) const {
    std::vector<std::string> values;
    for (const pid_t pid : Pids()) {
      for (const pid_t tid : ThreadsOf(pid)) {
        const std::string value = look(pid, tid);
        if (!value.empty()) values.push_back(value);
      }
    }
    return values;
  }

  // All that a process keeps of the limits that tests change.
  std::map<pid_t, std::string> EverythingKept() const {
    std::map<pid_t, std::string> kept;
    for (const pid_t pid : Pids()) {
      kept[pid] =
          absl::StrCat(OomScoreAdjOf(pid), "; ", LimitOf(pid, "Max open files"),
                       "; ", LimitOf(pid, "Max core file size"));
      for (const pid_t tid : ThreadsOf(pid)) {
        absl::StrAppend(&kept[pid], "; ", tid, " ", NiceOf(pid, tid), " ",
                        PolicyOf(pid, tid));
      }
    }
    return kept;
  }

  std::string RtRuntime() const {
    const std::string file =
        absl::StrCat(cgroup_->dirs().cpu->path, "/cpu.rt_runtime_us");
    if (!Exists(file)) return "";
    return Read(*cgroup_, "cpu", "cpu.rt_runtime_us");
  }

  std::unique_ptr<TaskCgroup> cgroup_;
  Children children_;
};

TEST_F(TaskProcessLimitsTest, AreSetOnEveryProcessAndThread) {
  Run(Sleep);
  Run(SleepWithThreads);
  Run(SleepWithChild);
  ASSERT_TRUE(EventuallyHas(4, 7));
  const std::string nice_before = NiceOf(getpid(), gettid());

  const auto written = cgroup_->Update(AllLimits());

  ASSERT_THAT(written, IsOk());
  EXPECT_THAT(written->written, SizeIs(5));
  EXPECT_THAT(ForEachProcess(OomScoreAdjOf), AllOf(SizeIs(4), Each("300")));
  EXPECT_THAT(ForEachThread(NiceOf), AllOf(SizeIs(Ge(7U)), Each("5")));
  EXPECT_THAT(ForEachThread(PolicyOf),
              AllOf(SizeIs(Ge(7U)), Each(absl::StrCat(SCHED_BATCH))));
  EXPECT_THAT(
      ForEachProcess([](pid_t pid) { return LimitOf(pid, "Max open files"); }),
      AllOf(SizeIs(4), Each("100 200")));
  EXPECT_THAT(ForEachProcess(
                  [](pid_t pid) { return LimitOf(pid, "Max core file size"); }),
              AllOf(SizeIs(4), Each("0 4096")));
  EXPECT_THAT(cgroup_->Settings(),
              Contains(AllOf(Field(&LimitSetting::controller, "process"),
                             Field(&LimitSetting::file, "rlimit.nofile"),
                             Field(&LimitSetting::requested, "100:200"),
                             Field(&LimitSetting::applied, "100:200"),
                             Field(&LimitSetting::read_back, "100:200"))));
  // Nobody else's.
  EXPECT_EQ(NiceOf(getpid(), gettid()), nice_before);
  EXPECT_NE(OomScoreAdjOf(getpid()), "300");
}

TEST_F(TaskProcessLimitsTest, WhatIsInForceIsNotWrittenAgain) {
  Run(SleepWithThreads);
  ASSERT_TRUE(EventuallyHas(1, 4));
  ASSERT_THAT(cgroup_->Update(AllLimits()), IsOk());

  EXPECT_THAT(cgroup_->Update(AllLimits()),
              IsOkAndHolds(Field(&LimitUpdate::written, IsEmpty())));
}

TEST_F(TaskProcessLimitsTest, EveryRlimitOfTheKernelCanBeLowered) {
  const pid_t pid = Run(Sleep);
  ResourceLimits limits;
  for (int resource = 0; resource < static_cast<int>(RLIM_NLIMITS);
       ++resource) {
    rlimit now = {};
    ASSERT_EQ(
        prlimit(pid, static_cast<__rlimit_resource>(resource), nullptr, &now),
        0);
    // What the process could not live with is not among them: it sleeps.
    const uint64_t hard = now.rlim_max < 1000 ? now.rlim_max : 1000;
    limits.rlimits.push_back({resource, Bound::Of(hard / 2), Bound::Of(hard)});
  }

  ASSERT_THAT(cgroup_->Update(limits), IsOk());

  for (const Rlimit& wanted : limits.rlimits) {
    rlimit now = {};
    prlimit(pid, static_cast<__rlimit_resource>(wanted.resource), nullptr,
            &now);
    EXPECT_EQ(now.rlim_cur, *wanted.soft.value) << wanted.resource;
    EXPECT_EQ(now.rlim_max, *wanted.hard.value) << wanted.resource;
  }
}

TEST_F(TaskProcessLimitsTest, NoChildOfATaskThatForksEscapes) {
  Run(ForkForever);
  Run(MoveForever);
  for (int nice = 1; nice <= 10; ++nice) {
    ResourceLimits limits;
    limits.nice = nice;
    limits.oom_score_adj = 100 + nice;
    limits.rlimits = {{RLIMIT_CORE, Bound::Of(0),
                       Bound::Of(static_cast<uint64_t>(10'000 - nice))}};
    ASSERT_THAT(cgroup_->Update(limits), IsOk());

    for (int look = 0; look < 20; ++look) {
      EXPECT_THAT(ForEachThread(NiceOf), Each(absl::StrCat(nice)));
      EXPECT_THAT(ForEachProcess(OomScoreAdjOf),
                  Each(absl::StrCat(100 + nice)));
      EXPECT_THAT(ForEachProcess([](pid_t pid) {
                    return LimitOf(pid, "Max core file size");
                  }),
                  Each(absl::StrCat("0 ", 10'000 - nice)));
      absl::SleepFor(absl::Milliseconds(1));
    }
  }
}

// The kernel's files, but for one write that fails.
class FailingFiles final : public LimitFiles {
 public:
  FailingFiles(LimitFiles& files, size_t failing)
      : files_(files), failing_(failing) {}

  absl::StatusOr<std::string> Read(const std::string& controller,
                                   const std::string& file) const override {
    return files_.Read(controller, file);
  }
  absl::StatusOr<std::string> Write(const std::string& controller,
                                    const std::string& file,
                                    const std::string& value) override {
    if (writes_++ == failing_) return absl::InternalError("made to fail");
    return files_.Write(controller, file, value);
  }
  absl::Status Restore(const std::string& controller, const std::string& file,
                       const std::string& value) override {
    return files_.Restore(controller, file, value);
  }

 private:
  LimitFiles& files_;
  const size_t failing_;
  size_t writes_ = 0;
};

TEST_F(TaskProcessLimitsTest, WhicheverWriteFailsEachProcessIsAsBefore) {
  Run([] { return setpriority(PRIO_PROCESS, 0, 3) + SleepWithThreads(); });
  Run([] {
    const rlimit nofile = {300, 1000};
    return setrlimit(RLIMIT_NOFILE, &nofile) + SleepWithChild();
  });
  Run(ForkForever);
  const absl::StatusOr<std::unique_ptr<CgroupDirFds>> opened =
      CgroupDirFds::Open(*mounts_, cgroup_->path());
  ASSERT_THAT(opened, IsOk());
  CgroupDirFds* const dirs = opened->get();
  CgroupProcesses processes(dirs->Main());
  const SystemClock clock;
  ProcessLimitFiles process_files(processes, clock);
  TaskLimitFiles task_files(*dirs, process_files);
  ResourceLimits limits = AllLimits();
  // Soft limits: a hard one is not everybody's to put back.
  limits.rlimits = {{RLIMIT_CORE, Bound::Of(4096), Bound::Unlimited()}};
  limits.cpu_shares = 2048;
  limits.pids = Bound::Of(64);
  absl::SleepFor(absl::Milliseconds(200));
  const std::string forker = absl::StrCat(children_.back()->pid());
  // Its children come and go.
  const auto lasting = [&] {
    std::map<pid_t, std::string> kept = EverythingKept();
    for (auto it = kept.begin(); it != kept.end();) {
      const std::string parent = ParentOf(it->first);
      it = parent.empty() || parent == forker ? kept.erase(it) : ++it;
    }
    return kept;
  };
  const std::map<pid_t, std::string> before = lasting();
  const std::string pids_before = Read(*cgroup_, "pids", "pids.max");

  size_t k = 0;
  while (true) {
    FailingFiles files(task_files, k++);
    const auto update = UpdateLimits(limits, dirs->versions(), files);
    if (update.ok()) break;
    EXPECT_THAT(update, StatusIs(absl::StatusCode::kInternal,
                                 HasSubstr("made to fail")));
    EXPECT_EQ(lasting(), before) << "after write " << k;
    EXPECT_THAT(ForEachProcess(OomScoreAdjOf), Not(Contains("300")));
    EXPECT_EQ(Read(*cgroup_, "pids", "pids.max"), pids_before);
  }

  EXPECT_EQ(k, 7u);
  EXPECT_NE(lasting(), before);
}

TEST_F(TaskProcessLimitsTest, RaisingAHardLimitNeedsACapabilityAndSaysSo) {
  if (HasCapability(CAP_SYS_RESOURCE)) {
    GTEST_SKIP() << "this process has CAP_SYS_RESOURCE";
  }
  const pid_t pid = Run([] {
    const rlimit nofile = {300, 1000};
    return setrlimit(RLIMIT_NOFILE, &nofile) + Sleep();
  });
  Run(Sleep);
  absl::SleepFor(absl::Milliseconds(100));
  const std::map<pid_t, std::string> before = EverythingKept();
  ResourceLimits limits;
  limits.pids = Bound::Of(64);
  limits.nice = 3;
  limits.rlimits = {{RLIMIT_NOFILE, Bound::Of(300), Bound::Of(2000)}};

  const auto update = cgroup_->Update(limits);

  EXPECT_THAT(update, StatusIs(absl::StatusCode::kPermissionDenied,
                               AllOf(HasSubstr(absl::StrCat(
                                         "set rlimit.nofile of process ", pid,
                                         " to 300:2000: Operation not "
                                         "permitted: raising a hard limit")),
                                     HasSubstr("needs CAP_SYS_RESOURCE"),
                                     HasSubstr("pids.max: wanted 64, put back"),
                                     HasSubstr("nice: wanted 3, put back"))));
  EXPECT_EQ(EverythingKept(), before);
  EXPECT_EQ(Read(*cgroup_, "pids", "pids.max"), "max");
}

TEST_F(TaskProcessLimitsTest, AHardLimitIsRaisedAgainWithTheCapability) {
  if (!HasCapability(CAP_SYS_RESOURCE)) {
    GTEST_SKIP() << "this process lacks CAP_SYS_RESOURCE";
  }
  const pid_t pid = Run(Sleep);
  ResourceLimits limits;
  limits.rlimits = {{RLIMIT_CORE, Bound::Of(0), Bound::Of(0)}};
  ASSERT_THAT(cgroup_->Update(limits), IsOk());
  EXPECT_EQ(LimitOf(pid, "Max core file size"), "0 0");

  limits.rlimits = {{RLIMIT_CORE, Bound::Unlimited(), Bound::Unlimited()}};
  ASSERT_THAT(cgroup_->Update(limits), IsOk());

  EXPECT_EQ(LimitOf(pid, "Max core file size"), "unlimited unlimited");
}

TEST_F(TaskProcessLimitsTest, MoreOpenFilesThanTheKernelAllowsAreRefused) {
  if (!HasCapability(CAP_SYS_RESOURCE)) {
    GTEST_SKIP() << "this process lacks CAP_SYS_RESOURCE";
  }
  Run(Sleep);
  ResourceLimits limits;
  limits.rlimits = {{RLIMIT_NOFILE, Bound::Of(10), Bound::Unlimited()}};

  EXPECT_THAT(cgroup_->Update(limits),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("/proc/sys/fs/nr_open allows")));
}

TEST_F(TaskProcessLimitsTest, LoweringTheOomScoreNeedsACapability) {
  const pid_t pid = Run(Sleep);
  const std::string before = OomScoreAdjOf(pid);
  ResourceLimits limits;
  limits.oom_score_adj = -1000;

  const auto update = cgroup_->Update(limits);

  if (HasCapability(CAP_SYS_RESOURCE)) {
    ASSERT_THAT(update, IsOk());
    EXPECT_EQ(OomScoreAdjOf(pid), "-1000");
  } else {
    EXPECT_THAT(update, StatusIs(absl::StatusCode::kPermissionDenied,
                                 HasSubstr("needs CAP_SYS_RESOURCE")));
    EXPECT_EQ(OomScoreAdjOf(pid), before);
  }
}

TEST_F(TaskProcessLimitsTest, ARealTimePolicyNeedsRunTimeOfTheCgroup) {
  if (!HasCapability(CAP_SYS_NICE)) {
    GTEST_SKIP() << "this process lacks CAP_SYS_NICE";
  }
  const pid_t pid = Run(Sleep);
  ResourceLimits limits;
  limits.scheduling = SchedulingPolicy{SchedulingPolicy::Kind::kFifo, 7};

  const auto update = cgroup_->Update(limits);

  if (RtRuntime() == "0") {
    EXPECT_THAT(update, StatusIs(absl::StatusCode::kPermissionDenied,
                                 HasSubstr("see cpu.rt_runtime_us")));
    EXPECT_EQ(PolicyOf(pid, pid), "0");
  } else {
    ASSERT_THAT(update, IsOk());
    EXPECT_EQ(PolicyOf(pid, pid), absl::StrCat(SCHED_FIFO, ":7"));
    limits.scheduling = SchedulingPolicy{};
    ASSERT_THAT(cgroup_->Update(limits), IsOk());
    EXPECT_EQ(PolicyOf(pid, pid), "0");
  }
}

TEST_F(TaskProcessLimitsTest, APolicyThatChildrenDoNotInheritIsReplaced) {
  const pid_t pid = Run([] {
    const sched_param none = {};
    sched_setscheduler(0, SCHED_BATCH | SCHED_RESET_ON_FORK, &none);
    return Sleep();
  });
  absl::SleepFor(absl::Milliseconds(100));
  ResourceLimits limits;
  limits.scheduling = SchedulingPolicy{SchedulingPolicy::Kind::kBatch, 0};

  ASSERT_THAT(cgroup_->Update(limits), IsOk());

  EXPECT_EQ(sched_getscheduler(pid), SCHED_BATCH);
}

TEST_F(TaskProcessLimitsTest, ANiceValueAndAPolicyLeaveEachOtherAlone) {
  const pid_t pid = Run(Sleep);
  ResourceLimits limits;
  limits.nice = 7;
  ASSERT_THAT(cgroup_->Update(limits), IsOk());
  limits.nice.reset();
  for (const auto kind :
       {SchedulingPolicy::Kind::kBatch, SchedulingPolicy::Kind::kIdle,
        SchedulingPolicy::Kind::kOther}) {
    limits.scheduling = SchedulingPolicy{kind, 0};
    ASSERT_THAT(cgroup_->Update(limits), IsOk());
    EXPECT_EQ(NiceOf(pid, pid), "7");
  }
}

TEST_F(TaskProcessLimitsTest, ProcessesOfCgroupsBelowBelongToTheTask) {
  const CgroupDirs dirs = cgroup_->dirs();
  const std::string below =
      absl::StrCat((dirs.unified ? dirs.unified : dirs.pids)->path, "/below");
  ASSERT_EQ(mkdir(below.c_str(), 0755), 0);
  const pid_t pid = Run(Sleep);
  {
    const absl::StatusOr<UniqueFd> dir = OpenDirAt(AT_FDCWD, below);
    ASSERT_THAT(dir, IsOk());
    ASSERT_THAT(WriteFileAt(dir->get(), "cgroup.procs", absl::StrCat(pid)),
                IsOk());
  }
  ResourceLimits limits;
  limits.nice = 4;

  EXPECT_THAT(cgroup_->Update(limits), IsOk());

  EXPECT_EQ(NiceOf(pid, pid), "4");
}

TEST_F(TaskProcessLimitsTest, ATaskWithoutProcessesIsToldSo) {
  ResourceLimits limits;
  limits.pids = Bound::Of(64);
  limits.nice = 4;
  EXPECT_THAT(cgroup_->Update(limits),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("the task has no process")));
  EXPECT_EQ(Read(*cgroup_, "pids", "pids.max"), "max");
}

TEST_F(TaskProcessLimitsTest, WhatWasAskedForIsRecalled) {
  Run(Sleep);
  ResourceLimits limits = AllLimits();
  limits.cpu_shares = 1000;
  limits.pids = Bound::Unlimited();
  limits.memory_bytes = Bound::Of(64 * kMiB + 1);
  ASSERT_THAT(cgroup_->Update(limits), IsOk());
  const std::vector<LimitSetting> before = cgroup_->Settings();

  const auto again = TaskCgroup::Open(*controller_, *mounts_, parent_, "web");
  ASSERT_THAT(again, IsOk());
  (*again)->Recall(limits);

  const auto texts = [](const std::vector<LimitSetting>& settings) {
    std::map<std::string, std::string> result;
    for (const LimitSetting& setting : settings) {
      result[setting.controller + " " + setting.file] = absl::StrCat(
          setting.requested, " ", setting.applied, " ", setting.read_back);
    }
    return result;
  };
  EXPECT_EQ(texts((*again)->Settings()), texts(before));
  EXPECT_EQ((*again)->Limits().cpu_shares, cgroup_->Limits().cpu_shares);
}

TEST_F(TaskProcessLimitsTest, WhatIsNotInForceIsNotRecalled) {
  Run(Sleep);
  ResourceLimits limits;
  limits.pids = Bound::Of(64);
  ASSERT_THAT(cgroup_->Update(limits), IsOk());
  limits.pids = Bound::Of(32);
  limits.nice = 9;

  const auto again = TaskCgroup::Open(*controller_, *mounts_, parent_, "web");
  ASSERT_THAT(again, IsOk());
  (*again)->Recall(limits);

  EXPECT_THAT((*again)->Settings(),
              Contains(AllOf(Field(&LimitSetting::file, "pids.max"),
                             Field(&LimitSetting::requested, "64"),
                             Field(&LimitSetting::read_back, "64"))));
  EXPECT_THAT((*again)->Settings(),
              Contains(AllOf(Field(&LimitSetting::file, "nice"),
                             Field(&LimitSetting::requested, "9"),
                             Field(&LimitSetting::read_back,
                                   NiceOf(getpid(), gettid())))));
}

}  // namespace
}  // namespace reeve
