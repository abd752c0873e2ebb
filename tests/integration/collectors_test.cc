// What is measured of real processes in real cgroups, against what the kernel
// itself says of them.

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/file.h"
#include "base/system_clock.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/cgroup/cgroup_reader.h"
#include "collectors/cgroup/process_list.h"
#include "collectors/procfs/pid_stat.h"
#include "collectors/sampler.h"
#include "enforcement/cgroup/libcgroup_controller.h"
#include "enforcement/cgroup/task_cgroup.h"
#include "enforcement/spec/resource_limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/collectors/recording_observer.h"
#include "tests/testing/cgroup_child.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::Gt;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr uint64_t kMiB = 1 << 20;
// Long, since a machine may be emulated.
constexpr absl::Duration kPatience = absl::Seconds(60);

// Uses so much CPU time, however long that takes.
int BurnCpu(absl::Duration cpu_time) {
  timespec now;
  do {
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  } while (absl::DurationFromTimespec(now) < cpu_time);
  return 0;
}

// User and system time of the children that have been reaped.
absl::Duration CpuTimeOfChildren() {
  rusage usage;
  EXPECT_EQ(getrusage(RUSAGE_CHILDREN, &usage), 0);
  return absl::DurationFromTimeval(usage.ru_utime) +
         absl::DurationFromTimeval(usage.ru_stime);
}

int Sleep() {
  while (true) pause();
}

int HoldMemory(size_t bytes) {
  char* const memory =
      static_cast<char*>(mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  if (memory == MAP_FAILED) return 98;
  for (size_t i = 0; i < bytes; i += 4096) memory[i] = 1;
  return Sleep();
}

// A subreaper whose child forks a child, which forks a grandchild and ends.
// Killed and reaped at the end of its scope.
class DoubleForker {
 public:
  DoubleForker() {
    int told[2];
    if (pipe2(told, O_CLOEXEC) != 0) return;
    subreaper_ = fork();
    if (subreaper_ == 0) BeSubreaper(told[1]);
    close(told[1]);
    pid_t pids[2];
    if (read(told[0], pids, sizeof(pids)) == sizeof(pids)) {
      main_ = pids[0];
      orphan_ = pids[1];
    }
    close(told[0]);
  }
  ~DoubleForker() {
    for (const pid_t pid : {subreaper_, main_, orphan_}) {
      if (pid > 0) kill(pid, SIGKILL);
    }
    if (subreaper_ > 0) waitpid(subreaper_, nullptr, 0);
  }
  DoubleForker(const DoubleForker&) = delete;
  DoubleForker& operator=(const DoubleForker&) = delete;

  pid_t subreaper() const { return subreaper_; }
  pid_t main() const { return main_; }
  // -1 if anything failed.
  pid_t orphan() const { return orphan_; }

  void WaitUntilMainIsReaped() {
    const absl::Time deadline = absl::Now() + kPatience;
    while (kill(main_, 0) == 0 && absl::Now() < deadline) {
      absl::SleepFor(absl::Milliseconds(10));
    }
    // Its pid may be another's from now on.
    main_ = -1;
  }

 private:
  [[noreturn]] static void BeSubreaper(int told) {
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    if (fork() == 0) BeMain(told);
    close(told);
    while (wait(nullptr) > 0) continue;
    _exit(0);
  }

  [[noreturn]] static void BeMain(int told) {
    int orphaned[2];
    if (pipe(orphaned) != 0) _exit(1);
    const pid_t middle = fork();
    if (middle == 0) {
      const pid_t orphan = fork();
      if (orphan == 0) _exit(Sleep());
      _exit(write(orphaned[1], &orphan, sizeof(orphan)) < 0 ? 1 : 0);
    }
    pid_t pids[2] = {getpid(), -1};
    waitpid(middle, nullptr, 0);
    if (read(orphaned[0], &pids[1], sizeof(pid_t)) != sizeof(pid_t)) _exit(1);
    if (write(told, pids, sizeof(pids)) < 0) _exit(1);
    _exit(Sleep());
  }

  pid_t subreaper_ = -1;
  pid_t main_ = -1;
  pid_t orphan_ = -1;
};

ProcessIdentity IdentityOf(pid_t pid) {
  const absl::StatusOr<std::string> contents =
      ReadFile(absl::StrCat("/proc/", pid, "/stat"));
  EXPECT_THAT(contents, IsOk());
  if (!contents.ok()) return {};
  const absl::StatusOr<PidStat> stat = ParsePidStat(*contents);
  EXPECT_THAT(stat, IsOk());
  return stat.ok() ? ProcessIdentity{stat->pid, stat->starttime}
                   : ProcessIdentity();
}

std::vector<pid_t> PidsOf(const absl::StatusOr<TaskSnapshot>& task) {
  EXPECT_THAT(task, IsOk());
  std::vector<pid_t> pids;
  if (!task.ok()) return pids;
  for (const ProcessSnapshot& process : *task->processes) {
    pids.push_back(process.identity.pid);
  }
  return pids;
}

class CollectorsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "cgroups are made by root";
    absl::StatusOr<CgroupMounts> mounts = CgroupMounts::Discover();
    ASSERT_THAT(mounts, IsOk());
    mounts_.emplace(*std::move(mounts));
    for (const char* controller : {"cpu", "memory", "pids"}) {
      if (mounts_->Find(controller) == nullptr) {
        GTEST_SKIP() << "this host has no cgroup controller " << controller;
      }
    }
    controller_ = std::make_unique<LibcgroupController>(*mounts_);
    sampler_ =
        std::make_unique<Sampler>(SamplerOptions(), clock_, store_, observer_);
  }

  void TearDown() override {
    if (controller_ == nullptr) return;
    EXPECT_THAT(controller_->Remove(parent_), IsOk());
  }

  std::unique_ptr<TaskCgroup> Create(const ResourceLimits& limits = {}) {
    absl::StatusOr<std::unique_ptr<TaskCgroup>> cgroup =
        TaskCgroup::Create(*controller_, *mounts_, parent_, "task", limits);
    EXPECT_THAT(cgroup, IsOk());
    return cgroup.ok() ? *std::move(cgroup) : nullptr;
  }

  static std::unique_ptr<CgroupChild> Start(const TaskCgroup& cgroup,
                                            const std::function<int()>& body) {
    absl::StatusOr<CgroupEntry> entry = cgroup.OpenEntry();
    EXPECT_THAT(entry, IsOk());
    if (!entry.ok()) return nullptr;
    return std::make_unique<CgroupChild>(*entry, body);
  }

  static TaskTarget Target(const TaskCgroup& cgroup) {
    TaskTarget target;
    target.id = "task";
    target.cgroup = cgroup.dirs();
    return target;
  }

  // Samples until `condition` holds of the task; the last values anyway.
  TaskSnapshot SampleUntil(
      const std::function<bool(const TaskSnapshot&)>& condition) {
    const absl::Duration deadline = clock_.MonotonicNow() + kPatience;
    while (true) {
      const absl::StatusOr<TaskSnapshot> snapshot = sampler_->SampleNow("task");
      EXPECT_THAT(snapshot, IsOk());
      if (!snapshot.ok()) return TaskSnapshot();
      if (condition(*snapshot) || clock_.MonotonicNow() > deadline) {
        return *snapshot;
      }
      absl::SleepFor(absl::Milliseconds(10));
    }
  }

  const SystemClock clock_{};
  SnapshotStore store_;
  RecordingObserver observer_;
  std::optional<CgroupMounts> mounts_;
  std::unique_ptr<LibcgroupController> controller_;
  std::unique_ptr<Sampler> sampler_;
  const std::string parent_ = absl::StrCat("/reeve-collectors-", getpid());
};

TEST_F(CollectorsTest, EveryFileOfANewCgroupIsUnderstood) {
  const std::unique_ptr<TaskCgroup> cgroup = Create();
  ASSERT_NE(cgroup, nullptr);
  ASSERT_THAT(sampler_->Add(Target(*cgroup)), IsOk());

  const absl::StatusOr<TaskSnapshot> task = sampler_->SampleNow("task");

  ASSERT_THAT(task, IsOk());
  EXPECT_THAT(observer_.errors(), IsEmpty());
  const CgroupSample& sample = task->cgroup;
  EXPECT_NE(sample.inode, 0u);
  EXPECT_THAT(sample.cpu_usage_ns, Optional(0u));
  EXPECT_THAT(sample.cpu_user_ns, Optional(0u));
  EXPECT_THAT(sample.cpu_system_ns, Optional(0u));
  EXPECT_THAT(sample.cpu_periods, Optional(0u));
  EXPECT_THAT(sample.cpu_throttled_periods, Optional(0u));
  EXPECT_THAT(sample.cpu_throttled_ns, Optional(0u));
  EXPECT_TRUE(sample.memory_usage_bytes.has_value());
  EXPECT_TRUE(sample.memory_working_set_bytes.has_value());
  EXPECT_THAT(sample.memory_anon_bytes, Optional(0u));
  EXPECT_THAT(sample.memory_file_bytes, Optional(0u));
  EXPECT_THAT(sample.memory_mapped_file_bytes, Optional(0u));
  EXPECT_TRUE(sample.memory_peak_bytes.has_value());
  EXPECT_TRUE(sample.memory_kernel_bytes.has_value());
  EXPECT_THAT(sample.memory_max_events, Optional(0u));
  EXPECT_THAT(sample.oom_kills, Optional(0u));
  EXPECT_THAT(sample.threads, Optional(0u));
  EXPECT_THAT(sample.fork_failures, Optional(0u));
}

TEST_F(CollectorsTest, CpuTimeIsWhatTheKernelChargedTheProcess) {
  const std::unique_ptr<TaskCgroup> cgroup = Create();
  ASSERT_NE(cgroup, nullptr);
  ASSERT_THAT(sampler_->Add(Target(*cgroup)), IsOk());
  const absl::Duration charged_before = CpuTimeOfChildren();
  // Of the child on its way into the cgroup, some of it outside on cgroup v1.
  auto* const on_the_way = static_cast<timespec*>(
      mmap(nullptr, sizeof(timespec), PROT_READ | PROT_WRITE,
           MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  ASSERT_NE(on_the_way, MAP_FAILED);
  const std::unique_ptr<CgroupChild> child = Start(*cgroup, [on_the_way] {
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, on_the_way);
    return BurnCpu(absl::Milliseconds(500));
  });
  ASSERT_NE(child, nullptr);
  ASSERT_TRUE(child->Wait(kPatience).has_value());
  const absl::Duration entering = absl::DurationFromTimespec(*on_the_way);
  munmap(on_the_way, sizeof(timespec));

  const absl::StatusOr<TaskSnapshot> task = sampler_->TakeFinal("task");

  ASSERT_THAT(task, IsOk());
  ASSERT_TRUE(task->cgroup.cpu_usage_ns.has_value());
  const auto measured =
      absl::Nanoseconds(static_cast<int64_t>(*task->cgroup.cpu_usage_ns));
  const absl::Duration charged = CpuTimeOfChildren() - charged_before;
  // One clock tick, or one percent.
  const absl::Duration tolerance =
      std::max(absl::Milliseconds(10), charged / 100);
  EXPECT_GE(measured, charged - entering - tolerance);
  EXPECT_LE(measured, charged + tolerance);
  ASSERT_TRUE(task->cpu_percent.has_value());
  EXPECT_GT(*task->cpu_percent, 0);
  EXPECT_GT(task->cpu_ticks_total.value_or(0), 0);
}

TEST_F(CollectorsTest, PercentageIsTheShareOfACoreThatTheProcessGot) {
  const std::unique_ptr<TaskCgroup> cgroup = Create();
  ASSERT_NE(cgroup, nullptr);
  const std::unique_ptr<CgroupChild> child =
      Start(*cgroup, [] { return BurnCpu(absl::Hours(1)); });
  ASSERT_NE(child, nullptr);
  ASSERT_THAT(sampler_->Add(Target(*cgroup)), IsOk());
  const absl::StatusOr<TaskSnapshot> from = sampler_->SampleNow("task");
  sampler_->RunRound({});
  absl::SleepFor(absl::Seconds(1));
  sampler_->RunRound({});
  const std::shared_ptr<const Snapshot> snapshot = store_.Latest();

  ASSERT_THAT(from, IsOk());
  ASSERT_THAT(snapshot->tasks, SizeIs(1));
  const TaskSnapshot& to = *snapshot->tasks[0];
  ASSERT_TRUE(to.cpu_percent.has_value());
  // Between the first look, a moment before the first round, and the last.
  const double expected =
      static_cast<double>(*to.cgroup.cpu_usage_ns -
                          *from->cgroup.cpu_usage_ns) /
      absl::ToDoubleNanoseconds(to.cgroup.taken_at - from->cgroup.taken_at) *
      100;
  EXPECT_NEAR(*to.cpu_percent, expected, 5);
  EXPECT_GT(*to.cpu_percent, 0);
  // v1 counts the two by the ticks that hit each, and a machine that is
  // emulated loses ticks.
  if (!cgroup->dirs().unified.has_value()) return;
  EXPECT_NEAR(*to.cpu_user_percent + *to.cpu_system_percent, *to.cpu_percent,
              2);
}

TEST_F(CollectorsTest, MemoryOfAProcessIsInTheSample) {
  const std::unique_ptr<TaskCgroup> cgroup = Create();
  ASSERT_NE(cgroup, nullptr);
  ASSERT_THAT(sampler_->Add(Target(*cgroup)), IsOk());
  const std::unique_ptr<CgroupChild> child =
      Start(*cgroup, [] { return HoldMemory(32 * kMiB); });
  ASSERT_NE(child, nullptr);

  const TaskSnapshot task = SampleUntil([](const TaskSnapshot& snapshot) {
    return snapshot.cgroup.memory_anon_bytes.value_or(0) >= 31 * kMiB;
  });

  const CgroupSample& sample = task.cgroup;
  ASSERT_TRUE(sample.memory_anon_bytes.has_value());
  EXPECT_GE(*sample.memory_anon_bytes, 31 * kMiB);
  // The sanitizers' own memory is in it, too.
  EXPECT_LE(*sample.memory_anon_bytes, 64 * kMiB);
  EXPECT_GE(*sample.memory_usage_bytes, *sample.memory_anon_bytes);
  EXPECT_GE(*sample.memory_peak_bytes, *sample.memory_usage_bytes);
  EXPECT_GE(*sample.memory_working_set_bytes, 31 * kMiB);
  EXPECT_THAT(sample.threads, Optional(1u));
}

TEST_F(CollectorsTest, ProcessesAreShownWithTheirOwnValues) {
  const std::unique_ptr<TaskCgroup> cgroup = Create();
  ASSERT_NE(cgroup, nullptr);
  const std::unique_ptr<CgroupChild> child =
      Start(*cgroup, [] { return HoldMemory(16 * kMiB); });
  ASSERT_NE(child, nullptr);
  ASSERT_THAT(sampler_->Add(Target(*cgroup)), IsOk());

  const TaskSnapshot task = SampleUntil([](const TaskSnapshot& snapshot) {
    return !snapshot.processes->empty() &&
           snapshot.processes->front().rss_bytes >= 16 * kMiB;
  });

  ASSERT_THAT(*task.processes, SizeIs(1));
  const ProcessSnapshot& process = task.processes->front();
  EXPECT_EQ(process.identity.pid, child->pid());
  EXPECT_GE(process.rss_bytes, 16 * kMiB);
  EXPECT_EQ(process.threads, 1u);
  EXPECT_LT(absl::AbsDuration(clock_.WallNow() - process.started_at),
            kPatience);
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

TEST_F(CollectorsTest, ProcessesOfCgroupsBelowAreFound) {
  const std::unique_ptr<TaskCgroup> cgroup = Create();
  ASSERT_NE(cgroup, nullptr);
  const std::unique_ptr<TaskCgroup> below = [&] {
    // Without controllers to hand down: on v2 the cgroup above has none either.
    const std::string path = cgroup->path() + "/below";
    EXPECT_THAT(controller_->Create(path, {"cpu", "memory", "pids"}), IsOk());
    return *TaskCgroup::Open(*controller_, *mounts_, cgroup->path(), "below");
  }();
  const std::unique_ptr<CgroupChild> child = Start(*below, Sleep);
  ASSERT_NE(child, nullptr);

  EXPECT_THAT(ListProcesses(cgroup->dirs()),
              IsOkAndHolds(ElementsAre(child->pid())));
  child->Stop();
  EXPECT_THAT(below->Remove(kPatience), IsOk());
}

TEST(ProcessTreeTest, WhatADoubleForkOrphansIsFoundBelowItsSubreaper) {
  DoubleForker program;
  ASSERT_NE(program.orphan(), -1);
  FakeTree tree;
  tree.MakeDir("cgroup");
  TaskTarget target;
  target.id = "task";
  target.cgroup.memory = CgroupDir{CgroupVersion::kV1, tree.Path("cgroup")};
  const SystemClock clock{};
  SnapshotStore store;
  RecordingObserver observer;
  Sampler sampler(SamplerOptions(), clock, store, observer);
  ASSERT_THAT(sampler.Add(target), IsOk());

  sampler.SetProcesses("task", IdentityOf(program.main()),
                       IdentityOf(program.subreaper()));
  EXPECT_THAT(PidsOf(sampler.SampleNow("task")),
              UnorderedElementsAre(program.main(), program.orphan()));

  // The main process may be the first to go.
  const ProcessIdentity main = IdentityOf(program.main());
  kill(program.main(), SIGKILL);
  program.WaitUntilMainIsReaped();
  sampler.SetProcesses("task", main, IdentityOf(program.subreaper()));
  EXPECT_THAT(PidsOf(sampler.SampleNow("task")), ElementsAre(program.orphan()));

  ProcessIdentity another = IdentityOf(program.subreaper());
  ++another.start_time_ticks;
  sampler.SetProcesses("task", main, another);
  EXPECT_THAT(PidsOf(sampler.SampleNow("task")), IsEmpty());
  EXPECT_THAT(observer.errors(), IsEmpty());
}

TEST_F(CollectorsTest, RemovedCgroupEndsQuietlyWithItsLastValues) {
  const std::unique_ptr<TaskCgroup> cgroup = Create();
  ASSERT_NE(cgroup, nullptr);
  ASSERT_THAT(sampler_->Add(Target(*cgroup)), IsOk());
  sampler_->RunRound({});
  ASSERT_THAT(cgroup->Remove(kPatience), IsOk());

  sampler_->RunRound({});

  const std::shared_ptr<const Snapshot> snapshot = store_.Latest();
  ASSERT_THAT(snapshot->tasks, SizeIs(1));
  EXPECT_TRUE(snapshot->tasks[0]->is_final);
  EXPECT_THAT(snapshot->tasks[0]->cgroup.oom_kills, Optional(0u));
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

TEST_F(CollectorsTest, RemovedCgroupIsNotFoundForItsReader) {
  const std::unique_ptr<TaskCgroup> cgroup = Create();
  ASSERT_NE(cgroup, nullptr);
  absl::StatusOr<CgroupReader> reader =
      CgroupReader::Open(cgroup->dirs(), clock_);
  ASSERT_THAT(reader, IsOk());
  ASSERT_THAT(cgroup->Remove(kPatience), IsOk());
  // Made again under the same name, it is another one.
  const std::unique_ptr<TaskCgroup> again = Create();
  ReadBuffer buffer;
  CgroupSample sample;

  EXPECT_THAT(reader->Read(
                  buffer,
                  [](absl::string_view, const absl::Status& status) {
                    ADD_FAILURE() << status;
                  },
                  sample),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(CollectorsTest, OomKillIsInTheFinalSample) {
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(32 * kMiB);
  const std::unique_ptr<TaskCgroup> cgroup = Create(limits);
  ASSERT_NE(cgroup, nullptr);
  ASSERT_THAT(sampler_->Add(Target(*cgroup)), IsOk());
  const std::unique_ptr<CgroupChild> child =
      Start(*cgroup, [] { return HoldMemory(256 * kMiB); });
  ASSERT_NE(child, nullptr);
  ASSERT_TRUE(child->Wait(kPatience).has_value());

  const absl::StatusOr<TaskSnapshot> task = sampler_->TakeFinal("task");

  ASSERT_THAT(task, IsOk());
  EXPECT_THAT(task->cgroup.oom_kills, Optional(1u));
  // Swap is off: some kernels do not count on v1 that the limit was met.
  EXPECT_NE(task->cgroup.memory_max_events, std::optional<uint64_t>(0));
}

TEST_F(CollectorsTest, MemoryLimitThatWasMetIsCounted) {
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(32 * kMiB);
  // Where there is room for swap, v1 counts what the limit of memory refuses.
  limits.memory_swap_bytes = Bound::Of(kMiB);
  const std::unique_ptr<TaskCgroup> cgroup = Create(limits);
  ASSERT_NE(cgroup, nullptr);
  ASSERT_THAT(sampler_->Add(Target(*cgroup)), IsOk());
  const std::unique_ptr<CgroupChild> child =
      Start(*cgroup, [] { return HoldMemory(256 * kMiB); });
  ASSERT_NE(child, nullptr);
  ASSERT_TRUE(child->Wait(kPatience).has_value());

  const absl::StatusOr<TaskSnapshot> task = sampler_->TakeFinal("task");

  ASSERT_THAT(task, IsOk());
  EXPECT_THAT(task->cgroup.memory_max_events, Optional(Gt(0u)));
  const bool is_v1 = cgroup->dirs().memory->version == CgroupVersion::kV1;
  EXPECT_EQ(task->cgroup.memory_oom_events.has_value(), !is_v1);
  EXPECT_EQ(task->cgroup.memory_low_events.has_value(), !is_v1);
  EXPECT_EQ(task->cgroup.memory_high_events.has_value(), !is_v1);
  EXPECT_EQ(task->cgroup.memory_oom_events.value_or(0) > 0, !is_v1);
}

TEST_F(CollectorsTest, TaskThatIsSlowedDownByItsMarkIsCounted) {
  ResourceLimits limits;
  limits.memory_high_bytes = Bound::Of(16 * kMiB);
  if (mounts_->Find("memory")->version == CgroupVersion::kV1) {
    GTEST_SKIP() << "cgroup v1 has no memory.high";
  }
  const std::unique_ptr<TaskCgroup> cgroup = Create(limits);
  ASSERT_NE(cgroup, nullptr);
  ASSERT_THAT(sampler_->Add(Target(*cgroup)), IsOk());
  const std::unique_ptr<CgroupChild> child =
      Start(*cgroup, [] { return HoldMemory(20 * kMiB); });
  ASSERT_NE(child, nullptr);

  const TaskSnapshot task = SampleUntil([](const TaskSnapshot& snapshot) {
    return snapshot.cgroup.memory_high_events.value_or(0) > 0;
  });

  EXPECT_THAT(task.cgroup.memory_high_events, Optional(Gt(0u)));
  EXPECT_THAT(task.cgroup.memory_max_events, Optional(0u));
}

TEST_F(CollectorsTest, ThrottlingIsMeasured) {
  ResourceLimits limits;
  limits.cpu_quota = CpuQuota{0.02};
  const std::unique_ptr<TaskCgroup> cgroup = Create(limits);
  ASSERT_NE(cgroup, nullptr);
  ASSERT_THAT(sampler_->Add(Target(*cgroup)), IsOk());
  const std::unique_ptr<CgroupChild> child =
      Start(*cgroup, [] { return BurnCpu(absl::Milliseconds(40)); });
  ASSERT_NE(child, nullptr);
  ASSERT_TRUE(child->Wait(kPatience).has_value());

  const absl::StatusOr<TaskSnapshot> task = sampler_->TakeFinal("task");

  ASSERT_THAT(task, IsOk());
  // 40 ms in slices of 2 ms are twenty periods, with a wait after those in
  // which a busy machine let the process use its slice up. The kernel looks at
  // each tick, of 10 ms at most: for what is used beyond a slice in the end,
  // nobody has to wait any more.
  EXPECT_GE(task->cgroup.cpu_periods.value_or(0), 14u);
  EXPECT_GE(task->cgroup.cpu_throttled_periods.value_or(0), 1u);
  EXPECT_LE(*task->cgroup.cpu_throttled_periods, *task->cgroup.cpu_periods);
  EXPECT_GE(absl::Nanoseconds(static_cast<int64_t>(
                task->cgroup.cpu_throttled_ns.value_or(0))),
            absl::Milliseconds(1));
}

}  // namespace
}  // namespace reeve
