#include "enforcement/cgroup/task_cgroup.h"

#include <fcntl.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "base/file.h"
#include "base/flat_keyed.h"
#include "base/system_clock.h"
#include "enforcement/cgroup/cgroup_dir_fds.h"
#include "enforcement/cgroup/cgroup_extension.h"
#include "enforcement/cgroup/cpuset_parent.h"
#include "enforcement/cgroup/device_filter.h"
#include "enforcement/cgroup/freezer.h"
#include "enforcement/cgroup/host_limits.h"
#include "enforcement/cgroup/kill_tree.h"
#include "enforcement/cgroup/limit_plan.h"
#include "enforcement/cgroup/offer_check.h"
#include "enforcement/cgroup/parent_offer.h"
#include "enforcement/cgroup/take_processes.h"
#include "enforcement/cgroup/task_limit_files.h"
#include "enforcement/cgroup/task_limits.h"
#include "enforcement/cgroup/tree_processes.h"
#include "enforcement/process/cgroup_processes.h"
#include "enforcement/process/process_limit_files.h"
#include "enforcement/spec/limit_parts.h"
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

bool IsGroup(absl::string_view id) { return absl::StartsWith(id, "@"); }

absl::StatusOr<std::string> PathOf(const std::string& parent,
                                   const std::string& id) {
  if (!IsValidTaskId(absl::StripPrefix(id, "@"))) {
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
  versions.cpuset = version("cpuset");
  versions.io = version("io");
  if (!versions.io.has_value()) versions.io = version("blkio");
  versions.hugetlb = version("hugetlb");
  return versions;
}

// What the cgroup has, and what it can be given when it is asked for.
LimitVersions VersionsOf(const CgroupDirFds& dirs, const CgroupMounts& mounts,
                         CpuWeightMapping mapping) {
  const LimitVersions on_host = VersionsOn(mounts);
  LimitVersions versions = dirs.versions();
  versions.cpuset = on_host.cpuset;
  versions.io = on_host.io;
  versions.hugetlb = on_host.hugetlb;
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
  absl::Status in(status.code(),
                  absl::StrCat("cgroup ", cgroup, ": ", status.message()));
  status.ForEachPayload(
      [&in](absl::string_view url, const absl::Cord& payload) {
        in.SetPayload(url, payload);
      });
  return in;
}

}  // namespace

class TaskCgroup::Impl {
 public:
  // Where it is and what it was made with.
  struct Place {
    std::string parent;
    std::string path;
    CpuWeightMapping mapping;
    // Why the controllers that it cannot have are missing.
    std::map<std::string, std::string> why_missing;
  };

  Impl(CgroupController& cgroup_controller, CgroupMounts cgroup_mounts,
       Place cgroup_place, std::vector<std::string> controllers,
       std::unique_ptr<CgroupDirFds> dir_fds)
      : controller(cgroup_controller),
        mounts(std::move(cgroup_mounts)),
        place(std::move(cgroup_place)),
        path(place.path),
        owned_dirs(std::move(dir_fds)),
        dirs(*owned_dirs),
        versions(VersionsOf(dirs, mounts, place.mapping)),
        processes(dirs.Main()),
        process_files(processes, clock),
        files(dirs, process_files),
        limits(files, versions),
        freezer(dirs.Main(), dirs.MainFreezeFile()),
        extension({&controller, &mounts, &path, &dirs, &freezer, &freezing},
                  std::move(controllers)) {}

  // All that can be told wrong without a cgroup.
  static absl::StatusOr<ResourceLimits> Check(
      const ResourceLimits& limits, const CgroupMounts& mounts,
      const std::string& parent,
      const std::map<std::string, std::string>& why_missing) {
    absl::Status status = CheckOffered(limits, why_missing);
    if (!status.ok()) return status;
    status = CheckControllers(limits, VersionsOn(mounts));
    if (!status.ok()) return status;
    return ResolveLimits(limits, mounts, parent);
  }

  absl::Status RestrictDevices(const std::vector<DeviceAccess>& allowed) {
    const absl::StatusOr<DeviceFilter> filter =
        ChooseDeviceFilter(mounts, place.why_missing, LoadsDevicePrograms());
    if (!filter.ok()) return filter.status();
    absl::MutexLock lock(&restricting_devices);
    if (*filter == DeviceFilter::kList) {
      absl::Status status = extension.Add({"devices"});
      if (!status.ok()) return status;
    }
    const int dir_fd =
        *filter == DeviceFilter::kList ? dirs.Find("devices") : dirs.Unified();
    if (dir_fd < 0) {
      return absl::NotFoundError("it has no directory to restrict devices in");
    }
    return FilterDevices(*filter, dir_fd, allowed);
  }

  CgroupController& controller;
  // What the parent offers of the host's.
  const CgroupMounts mounts;
  const Place place;
  const std::string& path;
  const SystemClock clock;
  const std::unique_ptr<CgroupDirFds> owned_dirs;
  CgroupDirFds& dirs;
  const LimitVersions versions;
  CgroupProcesses processes;
  ProcessLimitFiles process_files;
  TaskLimitFiles files;
  TaskLimits limits;
  const Freezer freezer;
  absl::Mutex freezing;
  CgroupExtension extension;
  absl::Mutex restricting_devices;
  std::atomic<bool> enters_by_writing{false};
};

absl::StatusOr<std::unique_ptr<TaskCgroup>> TaskCgroup::Create(
    CgroupController& controller, const CgroupMounts& mounts,
    const std::string& parent, const std::string& id,
    const ResourceLimits& limits, CpuWeightMapping mapping) {
  return Create(controller, OfferTo(mounts, parent), parent, id, limits,
                mapping);
}

absl::StatusOr<std::unique_ptr<TaskCgroup>> TaskCgroup::Create(
    CgroupController& controller, const ParentOffer& offer,
    const std::string& parent, const std::string& id,
    const ResourceLimits& limits, CpuWeightMapping mapping) {
  const absl::StatusOr<std::string> path = PathOf(parent, id);
  if (!path.ok()) return path.status();
  // A task can do without what the parent does not offer, unless it asks for
  // it.
  if (!offer.usable.ok()) return offer.usable;
  const absl::StatusOr<ResourceLimits> resolved =
      Impl::Check(limits, offer.mounts, parent, offer.WhyMissing());
  if (!resolved.ok()) return resolved.status();

  std::vector<std::string> controllers = ControllersOn(offer.mounts);
  for (std::string& rare :
       RareControllersOf(limits, VersionsOn(offer.mounts))) {
    controllers.push_back(std::move(rare));
  }
  absl::Status status = controller.Create(*path, controllers);
  if (!status.ok()) return status;
  absl::StatusOr<std::unique_ptr<CgroupDirFds>> dirs =
      CgroupDirFds::Open(offer.mounts, *path, controllers);
  status = dirs.status();
  std::unique_ptr<Impl> impl;
  if (status.ok()) {
    impl = std::make_unique<Impl>(
        controller, offer.mounts,
        Impl::Place{parent, *path, mapping, offer.WhyMissing()},
        std::move(controllers), *std::move(dirs));
    status = In(*path,
                impl->limits.Update(CgroupLimits(*resolved), nullptr).status());
  }
  if (!status.ok()) {
    controller.Remove(*path).IgnoreError();
    return status;
  }
  return std::make_unique<TaskCgroup>(std::move(impl));
}

absl::Status TaskCgroup::CheckLimits(const CgroupMounts& mounts,
                                     const std::string& parent,
                                     const ResourceLimits& limits) {
  const ParentOffer offer = OfferTo(mounts, parent);
  if (!offer.usable.ok()) return offer.usable;
  return Impl::Check(limits, offer.mounts, parent, offer.WhyMissing()).status();
}

absl::StatusOr<std::unique_ptr<TaskCgroup>> TaskCgroup::Open(
    CgroupController& controller, const CgroupMounts& mounts,
    const std::string& parent, const std::string& id,
    CpuWeightMapping mapping) {
  return Open(controller, mounts, OfferTo(mounts, parent), parent, id, mapping);
}

absl::StatusOr<std::unique_ptr<TaskCgroup>> TaskCgroup::Open(
    CgroupController& controller, const CgroupMounts& mounts,
    const ParentOffer& offer, const std::string& parent, const std::string& id,
    CpuWeightMapping mapping) {
  const absl::StatusOr<std::string> path = PathOf(parent, id);
  if (!path.ok()) return path.status();
  std::vector<std::string> controllers = ControllersOn(offer.mounts);
  // The other v1 hierarchies of a group are there only as parents of a task's.
  const bool is_group = IsGroup(id);
  absl::StatusOr<std::unique_ptr<CgroupDirFds>> dirs =
      is_group ? CgroupDirFds::Open(mounts, *path, controllers)
               : CgroupDirFds::Open(mounts, *path);
  if (!dirs.ok()) return dirs.status();
  auto impl = std::make_unique<Impl>(
      controller, offer.mounts,
      Impl::Place{parent, *path, mapping, offer.WhyMissing()},
      std::move(controllers), *std::move(dirs));
  const absl::Status status = impl->limits.Adopt();
  if (!status.ok()) return In(*path, status);
  // What cannot be done now is tried again by the next update.
  if (!is_group) impl->extension.Adopt().IgnoreError();
  return std::make_unique<TaskCgroup>(std::move(impl));
}

ParentOffer TaskCgroup::OfferTo(const CgroupMounts& mounts,
                                const std::string& parent) {
  OfferQuestion question;
  question.parent = parent;
  return ReadParentOffer(mounts, question);
}

TaskCgroup::TaskCgroup(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TaskCgroup::~TaskCgroup() = default;

const std::string& TaskCgroup::path() const { return impl_->path; }

CgroupDirs TaskCgroup::dirs() const { return impl_->dirs.dirs(); }

void TaskCgroup::EnterByWriting() { impl_->enters_by_writing = true; }

absl::Status TaskCgroup::RestrictDevices(
    const std::vector<DeviceAccess>& allowed) {
  return In(impl_->path, impl_->RestrictDevices(allowed));
}

absl::Status TaskCgroup::CountBy(const std::vector<std::string>& controllers) {
  std::vector<std::string> on_v2;
  for (const std::string& controller : controllers) {
    const CgroupHierarchy* const hierarchy = impl_->mounts.Find(controller);
    if (hierarchy != nullptr && hierarchy->version == CgroupVersion::kV2) {
      on_v2.push_back(controller);
    }
  }
  return In(impl_->path, impl_->extension.Add(on_v2));
}

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

  if (dirs.Unified() >= 0 && impl_->enters_by_writing) {
    absl::StatusOr<UniqueFd> procs =
        OpenAt(dirs.Unified(), "cgroup.procs", O_WRONLY);
    if (!procs.ok()) return In(impl_->path, procs.status());
    entry.tasks_files.push_back(*std::move(procs));
  } else if (dirs.Unified() >= 0) {
    absl::StatusOr<UniqueFd> unified = OpenDirAt(dirs.Unified(), ".");
    if (!unified.ok()) return In(impl_->path, unified.status());
    entry.into_cgroup = *std::move(unified);
  }
  for (const int dir_fd : dirs.V1()) {
    absl::StatusOr<UniqueFd> tasks = OpenAt(dir_fd, "tasks", O_WRONLY);
    if (!tasks.ok()) return In(impl_->path, tasks.status());
    entry.tasks_files.push_back(*std::move(tasks));
    ++entry.v1_count;
  }
  return entry;
}

absl::Status TaskCgroup::Take(const ProcessList& list, ProcessHomes* homes) {
  absl::Status status = TakeProcesses(list, impl_->dirs.Main(), homes);
  if (status.ok()) status = impl_->extension.FinishEntry(0);
  return In(impl_->path, status);
}

absl::Status TaskCgroup::PutBack(const ProcessHomes& homes, pid_t main) const {
  const absl::StatusOr<std::set<pid_t>> pids =
      TreeProcesses(impl_->dirs.Main());
  if (!pids.ok()) return In(impl_->path, pids.status());
  absl::Status status;
  for (const pid_t pid : *pids) status.Update(homes.PutBack(pid, main));
  return In(impl_->path, status);
}

absl::Status TaskCgroup::FinishEntry(size_t entered) {
  return In(impl_->path, impl_->extension.FinishEntry(entered));
}

absl::StatusOr<LimitUpdate> TaskCgroup::Update(
    const ResourceLimits& limits, const MemoryDecreaseOptions& decrease) {
  if (limits.reserved_cpus.value_or(0) > 0 && !limits.cpuset_cpus) {
    return absl::FailedPreconditionError(
        absl::StrCat("cgroup ", impl_->path, ": ", *limits.reserved_cpus,
                     " reserved CPUs: which they are is to be said with them"));
  }
  const absl::StatusOr<ResourceLimits> resolved = Impl::Check(
      limits, impl_->mounts, impl_->place.parent, impl_->place.why_missing);
  if (!resolved.ok()) return resolved.status();
  const absl::Status status =
      impl_->extension.Add(RareControllersOf(limits, impl_->versions));
  if (!status.ok()) return In(impl_->path, status);
  absl::StatusOr<LimitUpdate> update =
      impl_->limits.Update(*resolved, &decrease);
  if (!update.ok()) return In(impl_->path, update.status());
  return update;
}

void TaskCgroup::NoteLaunch(const ResourceLimits& limits) {
  impl_->limits.NoteLaunch(limits);
}

void TaskCgroup::Recall(const ResourceLimits& asked) {
  impl_->limits.Recall(asked);
}

std::vector<LimitSetting> TaskCgroup::Settings() const {
  return impl_->limits.Settings();
}

LimitValues TaskCgroup::Limits() const { return impl_->limits.Values(); }

absl::StatusOr<CpuList> TaskCgroup::AvailableCpus() const {
  ResourceLimits any_cpuset;
  any_cpuset.cpuset_cpus = "";
  const absl::Status offered =
      CheckOffered(any_cpuset, impl_->place.why_missing);
  if (!offered.ok()) return offered;
  absl::StatusOr<AvailableCpuset> available =
      AvailableIn(impl_->mounts, impl_->place.parent);
  if (!available.ok()) return available.status();
  return std::move(available->cpus);
}

absl::StatusOr<uint64_t> TaskCgroup::OomKills() const {
  const std::optional<CgroupDir> memory = impl_->dirs.dirs().memory;
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

absl::Status TaskCgroup::Freeze(absl::Duration timeout) {
  absl::MutexLock lock(&impl_->freezing);
  return In(impl_->path, impl_->freezer.Freeze(timeout));
}

// Waits for no freeze: it ends one that is going on. A move of processes that
// needs them still may then fail.
absl::Status TaskCgroup::Thaw() {
  return In(impl_->path, impl_->freezer.Thaw());
}

absl::StatusOr<bool> TaskCgroup::IsFrozen() const {
  absl::StatusOr<bool> frozen = impl_->freezer.IsFrozen();
  if (!frozen.ok()) return In(impl_->path, frozen.status());
  return frozen;
}

bool TaskCgroup::FreezingHoldsBackKills() const {
  return impl_->freezer.HoldsBackKills();
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
  impl_->extension.Close();
  absl::Status status;
  RetryUntil(timeout, [this, &status] {
    status = impl_->controller.Remove(impl_->path);
    return !absl::IsFailedPrecondition(status);
  });
  return status;
}

bool TaskCgroup::IsRemoved() const { return impl_->extension.IsClosed(); }

}  // namespace reeve
