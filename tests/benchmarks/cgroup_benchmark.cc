// What the cgroup of a task costs, by libcgroup and by bare system calls: the
// numbers that decide which of the two does what.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "benchmark/benchmark.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/libcgroup_controller.h"
#include "enforcement/cgroup/task_cgroup.h"

namespace reeve {
namespace {

const CgroupMounts& Mounts() {
  static const CgroupMounts mounts = CgroupMounts::Discover().value();
  return mounts;
}

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::abort();
}

// A parent of its own for each benchmark, which goes with it.
class Parent {
 public:
  Parent() : controller_(Mounts()) {
    Check(controller_.Create(path(), {"cpu", "memory", "pids"}));
  }
  ~Parent() { Check(controller_.Remove(path())); }
  Parent(const Parent&) = delete;
  Parent& operator=(const Parent&) = delete;

  LibcgroupController& controller() { return controller_; }
  static std::string path() {
    return absl::StrCat("/reeve-benchmark-", getpid());
  }
  static std::string child() { return path() + "/task"; }

 private:
  LibcgroupController controller_;
};

bool IsV1(const char* controller) {
  return Mounts().Find(controller)->version == CgroupVersion::kV1;
}

// Memory, shares and pids, with swap off.
std::vector<CgroupSetting> Settings() {
  std::vector<CgroupSetting> settings = {{"pids", "pids.max", "64"}};
  if (IsV1("memory")) {
    settings.insert(settings.end(),
                    {{"memory", "memory.limit_in_bytes", "67108864"},
                     {"memory", "memory.memsw.limit_in_bytes", "67108864"},
                     {"memory", "memory.swappiness", "0"}});
  } else {
    settings.insert(settings.end(), {{"memory", "memory.max", "67108864"},
                                     {"memory", "memory.swap.max", "0"}});
  }
  settings.push_back(IsV1("cpu") ? CgroupSetting{"cpu", "cpu.shares", "512"}
                                 : CgroupSetting{"cpu", "cpu.weight", "50"});
  return settings;
}

ResourceLimits Limits(uint64_t shares) {
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(67108864);
  limits.cpu_shares = shares;
  limits.pids = Bound::Of(64);
  return limits;
}

std::vector<std::string> ChildDirectories() {
  const CgroupDirs dirs = LocateCgroup(Mounts(), Parent::child());
  std::vector<std::string> paths;
  for (const auto* dir : {&dirs.cpu, &dirs.memory, &dirs.pids, &dirs.unified}) {
    if (dir->has_value() && (paths.empty() || paths.back() != (*dir)->path)) {
      paths.push_back((*dir)->path);
    }
  }
  return paths;
}

void BM_CreateAndRemoveByLibcgroup(benchmark::State& state) {
  Parent parent;
  for (auto _ : state) {
    Check(
        parent.controller().Create(Parent::child(), {"cpu", "memory", "pids"}));
    Check(parent.controller().Remove(Parent::child()));
  }
}
BENCHMARK(BM_CreateAndRemoveByLibcgroup);

void BM_CreateAndRemoveBare(benchmark::State& state) {
  Parent parent;
  const std::vector<std::string> paths = ChildDirectories();
  for (auto _ : state) {
    for (const std::string& path : paths) mkdir(path.c_str(), 0755);
    for (const std::string& path : paths) rmdir(path.c_str());
  }
}
BENCHMARK(BM_CreateAndRemoveBare);

void BM_SetByLibcgroup(benchmark::State& state) {
  Parent parent;
  Check(parent.controller().Create(Parent::child(), {"cpu", "memory", "pids"}));
  const std::vector<CgroupSetting> settings = Settings();
  for (auto _ : state) {
    Check(parent.controller().Set(Parent::child(), settings));
  }
}
BENCHMARK(BM_SetByLibcgroup);

void BM_SetBare(benchmark::State& state) {
  Parent parent;
  Check(parent.controller().Create(Parent::child(), {"cpu", "memory", "pids"}));
  std::vector<std::pair<std::string, std::string>> writes;
  for (const CgroupSetting& setting : Settings()) {
    writes.emplace_back(
        absl::StrCat(Mounts().Find(setting.controller)->mount_point,
                     Parent::child(), "/", setting.file),
        setting.value);
  }
  for (auto _ : state) {
    for (const auto& [path, value] : writes) {
      Check(WriteFileAt(AT_FDCWD, path, value));
    }
  }
}
BENCHMARK(BM_SetBare);

// All that a launch and an exit do with the cgroup, limits read back.
void BM_TaskCgroupLife(benchmark::State& state) {
  Parent parent;
  for (auto _ : state) {
    const auto cgroup = TaskCgroup::Create(parent.controller(), Mounts(),
                                           Parent::path(), "task", Limits(512))
                            .value();
    benchmark::DoNotOptimize(cgroup->OpenEntry());
    Check(cgroup->Kill(absl::Seconds(1)));
    Check(cgroup->Remove(absl::Seconds(1)));
  }
}
BENCHMARK(BM_TaskCgroupLife);

void BM_TaskCgroupCreate(benchmark::State& state) {
  Parent parent;
  for (auto _ : state) {
    const auto cgroup = TaskCgroup::Create(parent.controller(), Mounts(),
                                           Parent::path(), "task", Limits(512))
                            .value();
    state.PauseTiming();
    Check(cgroup->Remove(absl::Seconds(1)));
    state.ResumeTiming();
  }
}
BENCHMARK(BM_TaskCgroupCreate);

void BM_TaskCgroupOpenEntry(benchmark::State& state) {
  Parent parent;
  const auto cgroup = TaskCgroup::Create(parent.controller(), Mounts(),
                                         Parent::path(), "task", Limits(512))
                          .value();
  for (auto _ : state) benchmark::DoNotOptimize(cgroup->OpenEntry());
}
BENCHMARK(BM_TaskCgroupOpenEntry);

void BM_UpdateOneLimitOfFive(benchmark::State& state) {
  Parent parent;
  const auto cgroup = TaskCgroup::Create(parent.controller(), Mounts(),
                                         Parent::path(), "task", Limits(512))
                          .value();
  uint64_t shares = 512;
  for (auto _ : state) {
    Check(cgroup->Update(Limits(shares ^= 1024)).status());
  }
}
BENCHMARK(BM_UpdateOneLimitOfFive);

}  // namespace
}  // namespace reeve

BENCHMARK_MAIN();
