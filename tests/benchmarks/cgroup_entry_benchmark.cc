// What it costs to enter the v1 cgroups of a task after 100 ms without work:
// by the child itself writing "0" to `tasks`, as the shim does it, and by its
// pid written to cgroup.procs, as runtimes do it. Median microseconds for all
// hierarchies of a task together. There is nothing to measure on pure v2, where
// clone3() makes the child inside.

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/file.h"
#include "base/system_clock.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/libcgroup_controller.h"
#include "enforcement/cgroup/task_cgroup.h"

namespace reeve {
namespace {

constexpr absl::Duration kIdle = absl::Milliseconds(100);
constexpr int kRounds = 40;

double Microseconds(const SystemClock& clock, absl::Duration start) {
  return absl::ToDoubleMicroseconds(clock.MonotonicNow() - start);
}

// Writes `text` to each file in a child that then ends, and returns how long
// that took in it.
double EnterInChild(const std::vector<int>& files, bool own_pid_as_zero) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) std::abort();
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  absl::SleepFor(kIdle);
  const pid_t child = fork();
  if (child == 0) {
    const std::string text =
        own_pid_as_zero ? "0" : std::to_string(static_cast<int>(getpid()));
    const SystemClock clock;
    const absl::Duration start = clock.MonotonicNow();
    for (const int fd : files) {
      if (write(fd, text.data(), text.size()) < 0) _exit(1);
    }
    const double took = Microseconds(clock, start);
    (void)!write(write_end.get(), &took, sizeof(took));
    _exit(0);
  }
  write_end.Reset();
  double took = 0;
  if (read(read_end.get(), &took, sizeof(took)) != sizeof(took)) std::abort();
  waitpid(child, nullptr, 0);
  return took;
}

double Median(const std::vector<int>& files, bool own_pid_as_zero) {
  std::vector<double> times;
  times.reserve(kRounds);
  for (int i = 0; i < kRounds; ++i) {
    times.push_back(EnterInChild(files, own_pid_as_zero));
  }
  std::nth_element(times.begin(), times.begin() + kRounds / 2, times.end());
  return times[kRounds / 2];
}

std::vector<UniqueFd> OpenProcs(const CgroupDirs& dirs) {
  std::vector<UniqueFd> files;
  for (const auto* dir : {&dirs.cpu, &dirs.memory, &dirs.pids}) {
    if (!dir->has_value() || (*dir)->version != CgroupVersion::kV1) continue;
    files.push_back(
        OpenAt(AT_FDCWD, absl::StrCat((*dir)->path, "/cgroup.procs"), O_WRONLY)
            .value());
  }
  return files;
}

std::vector<int> Numbers(const std::vector<UniqueFd>& files) {
  std::vector<int> numbers;
  numbers.reserve(files.size());
  for (const UniqueFd& file : files) numbers.push_back(file.get());
  return numbers;
}

int Main() {
  const CgroupMounts mounts = CgroupMounts::Discover().value();
  LibcgroupController controller(mounts);
  const std::string parent = absl::StrCat("/reeve-benchmark-", getpid());
  const auto cgroup =
      TaskCgroup::Create(controller, mounts, parent, "task", ResourceLimits())
          .value();
  const CgroupEntry entry = cgroup->OpenEntry().value();
  const std::vector<UniqueFd> procs = OpenProcs(cgroup->dirs());
  if (entry.tasks_files.empty()) {
    std::printf("no v1 hierarchy: nothing to enter\n");
  } else {
    std::printf("%zu v1 hierarchies, after 100 ms idle, median of %d:\n",
                entry.tasks_files.size(), kRounds);
    std::printf("  \"0\" to tasks        %8.0f us\n",
                Median(Numbers(entry.tasks_files), true));
    std::printf("  pid to cgroup.procs %8.0f us\n",
                Median(Numbers(procs), false));
  }
  const bool removed =
      cgroup->Remove(absl::Seconds(2)).ok() && controller.Remove(parent).ok();
  return removed ? 0 : 1;
}

}  // namespace
}  // namespace reeve

int main() { return reeve::Main(); }
