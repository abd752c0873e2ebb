// What sampling costs over real cgroups, each with one sleeping process: the
// bare preads of the files, one sample, and a whole round.

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/file.h"
#include "base/system_clock.h"
#include "benchmark/benchmark.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/cgroup/cgroup_reader.h"
#include "collectors/sampler.h"
#include "enforcement/cgroup/libcgroup_controller.h"
#include "tests/testing/fake_clock.h"

namespace reeve {
namespace {

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::abort();
}

// Enters a cgroup in every hierarchy, and sleeps until it is killed, or the
// benchmark has died.
[[noreturn]] void SleepIn(const CgroupDirs& dirs) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (const auto* dir : {&dirs.cpu, &dirs.memory, &dirs.pids, &dirs.unified}) {
    if (!dir->has_value()) continue;
    const char* const file =
        (*dir)->version == CgroupVersion::kV1 ? "/tasks" : "/cgroup.procs";
    Check(WriteFileAt(AT_FDCWD, (*dir)->path + file, "0"));
  }
  while (true) pause();
}

// So many cgroups as tasks have them, with a sleeping process each.
class Cgroups {
 public:
  explicit Cgroups(int64_t count)
      : mounts_(CgroupMounts::Discover().value()), controller_(mounts_) {
    for (int64_t i = 0; i < count; ++i) {
      const std::string path = absl::StrCat(parent_, "/", i);
      Check(controller_.Create(path, {"cpu", "memory", "pids"}));
      dirs_.push_back(LocateCgroup(mounts_, path));
      // Not made by Create(), and not needed beside the v2 hierarchy.
      if (mounts_.Unified() != nullptr) dirs_.back().cpuacct.reset();
      const pid_t pid = fork();
      if (pid == 0) SleepIn(dirs_.back());
      pids_.push_back(pid);
    }
  }
  ~Cgroups() {
    for (const pid_t pid : pids_) kill(pid, SIGKILL);
    for (const pid_t pid : pids_) waitpid(pid, nullptr, 0);
    Check(controller_.Remove(parent_));
  }
  Cgroups(const Cgroups&) = delete;
  Cgroups& operator=(const Cgroups&) = delete;

  const std::vector<CgroupDirs>& dirs() const { return dirs_; }

 private:
  const CgroupMounts mounts_;
  LibcgroupController controller_;
  const std::string parent_ = absl::StrCat("/reeve-bench-", getpid());
  std::vector<CgroupDirs> dirs_;
  std::vector<pid_t> pids_;
};

// The files that a sample is read from, open.
std::vector<UniqueFd> OpenFiles(const CgroupDirs& dirs) {
  std::vector<std::string> names;
  if (dirs.unified) names.push_back(dirs.unified->path + "/cpu.stat");
  if (dirs.cpu && dirs.cpu->version == CgroupVersion::kV1) {
    names.push_back(dirs.cpu->path + "/cpu.stat");
  }
  const bool is_v1 = dirs.memory->version == CgroupVersion::kV1;
  for (const char* name :
       is_v1 ? std::vector<const char*>{"usage_in_bytes", "max_usage_in_bytes",
                                        "stat", "oom_control",
                                        "kmem.usage_in_bytes",
                                        "kmem.max_usage_in_bytes", "failcnt"}
             : std::vector<const char*>{"current", "peak", "stat", "events",
                                        "swap.current"}) {
    names.push_back(absl::StrCat(dirs.memory->path, "/memory.", name));
  }
  names.push_back(dirs.pids->path + "/pids.current");
  names.push_back(dirs.pids->path + "/pids.events");

  std::vector<UniqueFd> files;
  for (const std::string& name : names) {
    // Older kernels do not have every file.
    absl::StatusOr<UniqueFd> file = OpenAt(AT_FDCWD, name, O_RDONLY);
    if (file.ok()) files.push_back(*std::move(file));
  }
  return files;
}

void ReadBare(const std::vector<UniqueFd>& files) {
  static char buffer[8192];
  for (const UniqueFd& file : files) {
    benchmark::DoNotOptimize(pread(file.get(), buffer, sizeof(buffer), 0));
  }
}

absl::Duration Median(std::vector<absl::Duration> values) {
  const auto middle =
      values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// 20 000 descriptors are all that some machines allow.
constexpr size_t kMostBareTasks = 700;

// Bare preads and samples by turns, so that both meet the same machine. The
// time is that of a sample of all tasks; the counters are medians of one task.
void BM_SampleAndBarePreads(benchmark::State& state) {
  const Cgroups cgroups(state.range(0));
  const SystemClock clock;
  std::vector<std::vector<UniqueFd>> files;
  std::vector<CgroupReader> readers;
  for (const CgroupDirs& dirs : cgroups.dirs()) {
    // Each of them eleven descriptors, and as many again for the reader.
    if (files.size() < kMostBareTasks) files.push_back(OpenFiles(dirs));
    readers.push_back(CgroupReader::Open(dirs, clock).value());
  }
  ReadBuffer buffer;
  std::vector<absl::Duration> bare_times;
  std::vector<absl::Duration> sample_times;

  for (auto _ : state) {
    const absl::Duration began = clock.MonotonicNow();
    for (const std::vector<UniqueFd>& of_task : files) ReadBare(of_task);
    const absl::Duration between = clock.MonotonicNow();
    for (CgroupReader& reader : readers) {
      CgroupSample sample;
      Check(reader.Read(
          buffer,
          [](absl::string_view, const absl::Status& status) { Check(status); },
          sample));
      benchmark::DoNotOptimize(sample);
    }
    const absl::Duration ended = clock.MonotonicNow();
    bare_times.push_back(between - began);
    sample_times.push_back(ended - between);
    state.SetIterationTime(absl::ToDoubleSeconds(ended - between));
  }

  const auto tasks = static_cast<double>(state.range(0));
  const absl::Duration bare =
      Median(bare_times) / static_cast<double>(files.size());
  const absl::Duration sample = Median(sample_times) / tasks;
  state.counters["files"] = static_cast<double>(files.front().size());
  state.counters["bare_us"] = absl::ToDoubleMicroseconds(bare);
  state.counters["sample_us"] = absl::ToDoubleMicroseconds(sample);
  state.counters["ratio"] = absl::FDivDuration(sample, bare);
}
BENCHMARK(BM_SampleAndBarePreads)
    ->Arg(1)
    ->Arg(100)
    ->Arg(1000)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);

class NoObserver final : public CollectorObserver {
 public:
  void OnRound(absl::Duration, absl::Duration, uint64_t, uint64_t) override {}
  void OnError(absl::string_view, const absl::Status& status) override {
    Check(status);
  }
};

TaskTarget Target(const CgroupDirs& dirs, size_t number) {
  TaskTarget target;
  target.id = absl::StrCat("task-", number);
  target.cgroup = dirs;
  return target;
}

// Rounds as at 1 Hz: a fake second passes before each, so that processes are
// looked at in every fifth. The CPU column is the share of one core, in ms a s.
void BM_SamplingRound(benchmark::State& state) {
  const Cgroups cgroups(state.range(0));
  FakeClock clock;
  SnapshotStore store;
  NoObserver observer;
  Sampler sampler(SamplerOptions(), clock, store, observer);
  for (size_t i = 0; i < cgroups.dirs().size(); ++i) {
    Check(sampler.Add(Target(cgroups.dirs()[i], i)));
  }
  for (int i = 0; i < 10; ++i) {
    sampler.RunRound({});
    clock.Advance(absl::Seconds(1));
  }

  for (auto _ : state) {
    sampler.RunRound({});
    clock.Advance(absl::Seconds(1));
  }
}
BENCHMARK(BM_SamplingRound)
    ->Arg(1)
    ->Arg(100)
    ->Arg(1000)
    ->Unit(benchmark::kMillisecond);

// What measuring adds to the launch and to the end of a task.
void BM_AddAndTakeFinal(benchmark::State& state) {
  const Cgroups cgroups(1);
  const SystemClock clock;
  SnapshotStore store;
  NoObserver observer;
  Sampler sampler(SamplerOptions(), clock, store, observer);
  std::vector<absl::Duration> add_times;
  std::vector<absl::Duration> final_times;

  for (auto _ : state) {
    const absl::Duration began = clock.MonotonicNow();
    Check(sampler.Add(Target(cgroups.dirs().front(), 0)));
    const absl::Duration between = clock.MonotonicNow();
    Check(sampler.TakeFinal("task-0").status());
    add_times.push_back(between - began);
    final_times.push_back(clock.MonotonicNow() - between);
  }

  state.counters["add_us"] = absl::ToDoubleMicroseconds(Median(add_times));
  state.counters["take_final_us"] =
      absl::ToDoubleMicroseconds(Median(final_times));
}
BENCHMARK(BM_AddAndTakeFinal)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace reeve

BENCHMARK_MAIN();
