// What a launch costs: from Launcher::Launch() to the hang-up of the exit fifo
// and the reaped shim, beside a bare posix_spawn() and waitpid() of the same
// program. `median_us`, `p10_us` and `p90_us` are of the single rounds; the
// state directory is in memory.
//
//   idle_ms: without work before each round, which cools caches and, in the
//            kernel, the lock that attaching to a cgroup may have to take
//   cgroup:  1 is a launch into a cgroup that is there already

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/file.h"
#include "base/system_clock.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/libcgroup_controller.h"
#include "enforcement/cgroup/task_cgroup.h"
#include "enforcement/launch/launcher.h"
#include "tests/testing/runfiles.h"

namespace reeve {
namespace {

constexpr int kWarmRounds = 300;
constexpr int kColdRounds = 40;

std::string BareTrue() { return RunfilePath("tests/programs/bare_true"); }
std::string DebianTrue() { return "/bin/true"; }

void ReportQuantiles(std::vector<double> samples_us, benchmark::State& state) {
  if (samples_us.empty()) return;
  std::sort(samples_us.begin(), samples_us.end());
  const auto at = [&](size_t percent) {
    return samples_us[samples_us.size() * percent / 100];
  };
  state.counters["median_us"] = at(50);
  state.counters["p10_us"] = at(10);
  state.counters["p90_us"] = at(90);
}

// Calls `round` for each iteration and times it, with prepare() before.
template <typename Prepare, typename Round>
void Time(benchmark::State& state, Prepare prepare, Round round) {
  const SystemClock clock;
  std::vector<double> samples_us;
  for (auto unused : state) {
    prepare();
    absl::SleepFor(absl::Milliseconds(state.range(0)));
    const absl::Duration start = clock.MonotonicNow();
    const absl::Status status = round();
    const absl::Duration taken = clock.MonotonicNow() - start;
    if (!status.ok()) {
      state.SkipWithError(status.ToString().c_str());
      return;
    }
    state.SetIterationTime(absl::ToDoubleSeconds(taken));
    samples_us.push_back(absl::ToDoubleMicroseconds(taken));
  }
  ReportQuantiles(std::move(samples_us), state);
}

void BM_PosixSpawn(benchmark::State& state, const std::string& program) {
  Time(
      state, [] {},
      [&] {
        std::string name = program;
        char* const argv[] = {name.data(), nullptr};
        char* const envp[] = {nullptr};
        pid_t pid = 0;
        const int error =
            posix_spawn(&pid, program.c_str(), nullptr, nullptr, argv, envp);
        if (error != 0) return ErrnoStatus(error, "posix_spawn");
        waitpid(pid, nullptr, 0);
        return absl::OkStatus();
      });
}

// A state directory in memory for each round, and a cgroup for all of them.
class LaunchRounds {
 public:
  LaunchRounds(std::string program, bool in_cgroup)
      : program_(std::move(program)) {
    Launcher::Options options;
    options.shim_path = RunfilePath("enforcement/shim/reeve-shim");
    launcher_ = std::make_unique<Launcher>(options);
    char root[] = "/dev/shm/reeve-launch-XXXXXX";
    root_ = mkdtemp(root);
    if (in_cgroup) cgroup_ = MakeCgroup();
  }

  ~LaunchRounds() {
    RemoveState();
    rmdir(root_.c_str());
    if (cgroup_ == nullptr) return;
    cgroup_->Remove(absl::Seconds(10)).IgnoreError();
    controller_->Remove(Parent()).IgnoreError();
  }

  void Prepare() {
    RemoveState();
    mkdir(StatePath().c_str(), 0700);
    request_ = LaunchRequest();
    request_.program = program_;
    request_.cwd = "/";
    request_.state_dir.Reset(
        open(StatePath().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  }

  // The descriptors of a launch are part of its cost.
  absl::Status Round() {
    if (cgroup_ != nullptr) {
      absl::StatusOr<CgroupEntry> entry = cgroup_->OpenEntry();
      if (!entry.ok()) return entry.status();
      request_.cgroup = *std::move(entry);
    }
    const absl::StatusOr<LaunchedTask> task =
        launcher_->Launch(std::move(request_));
    if (!task.ok()) return task.status();
    pollfd fifo = {task->exit_fifo.get(), 0, 0};
    poll(&fifo, 1, -1);
    return Launcher::ReapShim(task->shim);
  }

 private:
  static std::string Parent() {
    return absl::StrCat("/reeve-launch-benchmark-", getpid());
  }
  std::string StatePath() const { return absl::StrCat(root_, "/task"); }

  std::unique_ptr<TaskCgroup> MakeCgroup() {
    mounts_ = std::make_unique<CgroupMounts>(*CgroupMounts::Discover());
    controller_ = std::make_unique<LibcgroupController>(*mounts_);
    ResourceLimits limits;
    limits.memory_bytes = Bound::Of(64 << 20);
    limits.cpu_shares = 512;
    limits.pids = Bound::Of(64);
    absl::StatusOr<std::unique_ptr<TaskCgroup>> cgroup =
        TaskCgroup::Create(*controller_, *mounts_, Parent(), "task", limits);
    return cgroup.ok() ? *std::move(cgroup) : nullptr;
  }

  void RemoveState() {
    for (const char* name :
         {"exit", "control", "pid", "starttime", "exitStatus"}) {
      unlink(absl::StrCat(StatePath(), "/", name).c_str());
    }
    rmdir(StatePath().c_str());
  }

  const std::string program_;
  std::string root_;
  std::unique_ptr<Launcher> launcher_;
  std::unique_ptr<CgroupMounts> mounts_;
  std::unique_ptr<LibcgroupController> controller_;
  std::unique_ptr<TaskCgroup> cgroup_;
  LaunchRequest request_;
};

void BM_Launch(benchmark::State& state, const std::string& program) {
  LaunchRounds rounds(program, state.range(1) != 0);
  Time(
      state, [&] { rounds.Prepare(); }, [&] { return rounds.Round(); });
}

void Spawns(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("idle_ms")->Unit(benchmark::kMicrosecond);
  benchmark->UseManualTime();
}

void Launches(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"idle_ms", "cgroup"})->Unit(benchmark::kMicrosecond);
  benchmark->UseManualTime();
}

BENCHMARK_CAPTURE(BM_PosixSpawn, bare_true, BareTrue())
    ->Apply(Spawns)
    ->Arg(0)
    ->Iterations(kWarmRounds);
BENCHMARK_CAPTURE(BM_PosixSpawn, bin_true, DebianTrue())
    ->Apply(Spawns)
    ->Arg(0)
    ->Iterations(kWarmRounds);
BENCHMARK_CAPTURE(BM_Launch, bare_true, BareTrue())
    ->Apply(Launches)
    ->Args({0, 0})
    ->Args({0, 1})
    ->Iterations(kWarmRounds);
BENCHMARK_CAPTURE(BM_Launch, bin_true, DebianTrue())
    ->Apply(Launches)
    ->Args({0, 0})
    ->Args({0, 1})
    ->Iterations(kWarmRounds);

BENCHMARK_CAPTURE(BM_PosixSpawn, bare_true, BareTrue())
    ->Apply(Spawns)
    ->Arg(100)
    ->Iterations(kColdRounds);
BENCHMARK_CAPTURE(BM_Launch, bare_true, BareTrue())
    ->Apply(Launches)
    ->Args({100, 0})
    ->Args({100, 1})
    ->Iterations(kColdRounds);

}  // namespace
}  // namespace reeve

BENCHMARK_MAIN();
