#include "enforcement/cgroup/task_cgroup.h"

#include <fcntl.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/file.h"
#include "base/flat_keyed.h"
#include "base/system_clock.h"
#include "enforcement/cgroup/cgroup_dir_fds.h"
#include "enforcement/cgroup/kill_tree.h"
#include "enforcement/cgroup/limit_plan.h"
#include "enforcement/cgroup/task_limits.h"
#include "enforcement/spec/task_spec.h"

namespace reeve {
namespace {

constexpr absl::Duration kFirstPause = absl::Microseconds(200);
constexpr absl::Duration kLongestPause = absl::Milliseconds(20);

// Calls `attempt` with growing pauses between until it returns true. False
// after `timeout`.
template <typename Attempt>
bool RetryUntil(absl::Duration timeout, Attempt attempt) {
  const SystemClock clock;
  const absl::Duration deadline = clock.MonotonicNow() + timeout;
  for (absl::Duration pause = kFirstPause; !attempt();
       pause = std::min(2 * pause, kLongestPause)) {
    if (clock.MonotonicNow() >= deadline) return false;
    absl::SleepFor(pause);
  }
  return true;
}

absl::StatusOr<std::string> PathOf(const std::string& parent,
                                   const std::string& id) {
  if (!IsValidTaskId(id)) {
    return absl::InvalidArgumentError(
        absl::StrCat("cgroup of task \"", id, "\": not a task id"));
  }
  return absl::StrCat(parent == "/" ? "" : parent, "/", id);
}

LimitVersions VersionsOn(const CgroupMounts& mounts) {
  const auto version =
      [&mounts](const char* controller) -> std::optional<CgroupVersion> {
    const CgroupHierarchy* hierarchy = mounts.Find(controller);
    if (hierarchy == nullptr) return std::nullopt;
    return hierarchy->version;
  };
  LimitVersions versions;
  versions.cpu = version("cpu");
  versions.memory = version("memory");
  versions.pids = version("pids");
  return versions;
}

LimitVersions With(CpuWeightMapping mapping, LimitVersions versions) {
  versions.cpu_weight_mapping = mapping;
  return versions;
}

// The controllers of limits and, where there is no unified hierarchy that
// counts CPU time and stops a task, those of v1 that do.
std::vector<std::string> ControllersOn(const CgroupMounts& mounts) {
  std::vector<std::string> wanted = {"cpu", "memory", "pids"};
  if (mounts.Unified() == nullptr) {
    wanted.insert(wanted.end(), {"cpuacct", "freezer"});
  }
  std::vector<std::string> found;
  for (const std::string& controller : wanted) {
    if (mounts.Find(controller) != nullptr) found.push_back(controller);
  }
  return found;
}

absl::Status In(const std::string& cgroup, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      absl::StrCat("cgroup ", cgroup, ": ", status.message()));
}

}  // namespace

class TaskCgroup::Impl {
 public:
  Impl(CgroupController& cgroup_controller, std::string cgroup,
       CgroupDirFds dir_fds, CpuWeightMapping mapping)
      : controller(cgroup_controller),
        path(std::move(cgroup)),
        dirs(std::move(dir_fds)),
        limits(dirs, With(mapping, dirs.versions())) {}

  // kNotFound if the cgroup is in no hierarchy.
  static absl::StatusOr<std::unique_ptr<Impl>> Open(
      CgroupController& controller, const CgroupMounts& mounts,
      const std::string& path, CpuWeightMapping mapping) {
    absl::StatusOr<CgroupDirFds> dirs = CgroupDirFds::Open(mounts, path);
    if (!dirs.ok()) return dirs.status();
    return std::make_unique<Impl>(controller, path, *std::move(dirs), mapping);
  }

  CgroupController& controller;
  const std::string path;
  CgroupDirFds dirs;
  TaskLimits limits;
};

absl::StatusOr<std::unique_ptr<TaskCgroup>> TaskCgroup::Create(
    CgroupController& controller, const CgroupMounts& mounts,
    const std::string& parent, const std::string& id,
    const ResourceLimits& limits, CpuWeightMapping mapping) {
  const absl::StatusOr<std::string> path = PathOf(parent, id);
  if (!path.ok()) return path.status();
  absl::Status status = CheckControllers(limits, VersionsOn(mounts));
  if (!status.ok()) return status;
  status = controller.Create(*path, ControllersOn(mounts));
  if (!status.ok()) return status;

  absl::StatusOr<std::unique_ptr<Impl>> impl =
      Impl::Open(controller, mounts, *path, mapping);
  status = impl.ok() ? In(*path, (*impl)->limits.Update(limits).status())
                     : impl.status();
  if (!status.ok()) {
    controller.Remove(*path).IgnoreError();
    return status;
  }
  return std::make_unique<TaskCgroup>(*std::move(impl));
}

absl::StatusOr<std::unique_ptr<TaskCgroup>> TaskCgroup::Open(
    CgroupController& controller, const CgroupMounts& mounts,
    const std::string& parent, const std::string& id,
    CpuWeightMapping mapping) {
  const absl::StatusOr<std::string> path = PathOf(parent, id);
  if (!path.ok()) return path.status();
  absl::StatusOr<std::unique_ptr<Impl>> impl =
      Impl::Open(controller, mounts, *path, mapping);
  if (!impl.ok()) return impl.status();
  const absl::Status status = (*impl)->limits.Adopt();
  if (!status.ok()) return In(*path, status);
  return std::make_unique<TaskCgroup>(*std::move(impl));
}

TaskCgroup::TaskCgroup(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TaskCgroup::~TaskCgroup() = default;

const std::string& TaskCgroup::path() const { return impl_->path; }

const CgroupDirs& TaskCgroup::dirs() const { return impl_->dirs.dirs(); }

absl::StatusOr<CgroupEntry> TaskCgroup::OpenEntry() const {
  const CgroupDirFds& dirs = impl_->dirs;
  absl::StatusOr<KillFiles> kill_files =
      OpenKillFiles(dirs.Main(), dirs.MainFreezeFile());
  if (!kill_files.ok()) return In(impl_->path, kill_files.status());
  CgroupEntry entry;
  entry.kill_file = std::move(kill_files->kill);
  entry.procs_file = std::move(kill_files->procs);
  entry.freeze_file = std::move(kill_files->freeze);
  entry.freeze_file_kind = kill_files->freeze_file;

  if (dirs.Unified() >= 0) {
    absl::StatusOr<UniqueFd> unified = OpenDirAt(dirs.Unified(), ".");
    if (!unified.ok()) return In(impl_->path, unified.status());
    entry.into_cgroup = *std::move(unified);
  }
  for (const int dir_fd : dirs.V1()) {
    absl::StatusOr<UniqueFd> tasks = OpenAt(dir_fd, "tasks", O_WRONLY);
    if (!tasks.ok()) return In(impl_->path, tasks.status());
    entry.tasks_files.push_back(*std::move(tasks));
  }
  return entry;
}

absl::StatusOr<std::vector<LimitSetting>> TaskCgroup::Update(
    const ResourceLimits& limits) {
  absl::StatusOr<std::vector<LimitSetting>> written =
      impl_->limits.Update(limits);
  if (!written.ok()) return In(impl_->path, written.status());
  return written;
}

std::vector<LimitSetting> TaskCgroup::Settings() const {
  return impl_->limits.Settings();
}

LimitValues TaskCgroup::Limits() const { return impl_->limits.Values(); }

absl::StatusOr<uint64_t> TaskCgroup::OomKills() const {
  const std::optional<CgroupDir>& memory = impl_->dirs.dirs().memory;
  if (!memory.has_value()) {
    return absl::UnavailableError(
        absl::StrCat("cgroup ", impl_->path, ": it has no memory controller"));
  }
  const absl::StatusOr<std::string> events = impl_->dirs.Read(
      "memory", memory->version == CgroupVersion::kV1 ? "memory.oom_control"
                                                      : "memory.events");
  if (!events.ok()) return In(impl_->path, events.status());
  std::optional<uint64_t> kills;
  const absl::Status status = ScanFlatKeyed(*events, {{"oom_kill", &kills}});
  if (!status.ok()) return In(impl_->path, status);
  // Linux 4.13 began to count them.
  if (!kills.has_value()) {
    return absl::UnavailableError(absl::StrCat(
        "cgroup ", impl_->path, ": this kernel does not count OOM kills"));
  }
  return *kills;
}

absl::StatusOr<bool> TaskCgroup::Populated() const {
  return TreeHasProcesses(impl_->dirs.Main());
}

absl::Status TaskCgroup::Kill(absl::Duration timeout) {
  absl::Status status;
  const bool done = RetryUntil(timeout, [this, &status] {
    status = KillTreeOnce(impl_->dirs.Main(), impl_->dirs.MainFreezeFile());
    if (!status.ok()) return true;
    const absl::StatusOr<bool> populated = Populated();
    status = populated.status();
    return !status.ok() || !*populated;
  });
  if (!done) {
    return absl::DeadlineExceededError(
        absl::StrCat("cgroup ", impl_->path, ": processes are left ",
                     absl::FormatDuration(timeout), " after SIGKILL"));
  }
  return In(impl_->path, status);
}

absl::Status TaskCgroup::Remove(absl::Duration timeout) {
  absl::Status status;
  RetryUntil(timeout, [this, &status] {
    status = impl_->controller.Remove(impl_->path);
    return !absl::IsFailedPrecondition(status);
  });
  return status;
}

}  // namespace reeve
