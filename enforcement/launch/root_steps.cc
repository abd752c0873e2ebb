#include "enforcement/launch/root_steps.h"

#include <linux/mount.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/file.h"
#include "enforcement/launch/detached_mount.h"

namespace reeve {
namespace {

constexpr uint32_t kSafe =
    MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

struct Filesystem {
  const char* target;
  const char* text;
  uint32_t attributes;
};

constexpr Filesystem kProc = {"/proc", "proc", kSafe};

// After /proc; each where one before it may be the place.
constexpr Filesystem kFilesystems[] = {
    {"/dev", "tmpfs,mode=755", MOUNT_ATTR_NOSUID | MOUNT_ATTR_STRICTATIME},
    {"/dev/pts", "devpts,newinstance,ptmxmode=0666,mode=0620,gid=5",
     MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC},
    {"/dev/shm", "tmpfs,mode=1777,size=65536k", kSafe},
    {"/dev/mqueue", "mqueue", kSafe},
    {"/sys", "sysfs", kSafe | MOUNT_ATTR_RDONLY},
};

struct Link {
  const char* path;
  const char* text;
};

constexpr Link kLinks[] = {
    {"/dev/fd", "/proc/self/fd"},       {"/dev/stdin", "/proc/self/fd/0"},
    {"/dev/stdout", "/proc/self/fd/1"}, {"/dev/stderr", "/proc/self/fd/2"},
    {"/dev/ptmx", "pts/ptmx"},          {"/dev/core", "/proc/kcore"},
};

// What tells of the host, or of its kernel's memory.
constexpr const char* kMasked[] = {
    "/proc/acpi",
    "/proc/asound",
    "/proc/kcore",
    "/proc/keys",
    "/proc/timer_list",
    "/proc/timer_stats",
    "/proc/latency_stats",
    "/proc/scsi",
    "/proc/sched_debug",
    "/sys/firmware",
    "/sys/devices/virtual/powercap",
};

// What changes the host.
constexpr const char* kReadOnly[] = {
    "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
};

bool IsBelow(absl::string_view path, absl::string_view directory) {
  return path == directory ||
         absl::StartsWith(path, absl::StrCat(directory, "/"));
}

class Builder {
 public:
  explicit Builder(const IsolationSpec& isolation) : isolation_(isolation) {}

  absl::Status AddFilesystem(const Filesystem& filesystem) {
    // Also below what is the task's own: that is as it wants it.
    for (const MountSpec& mount : isolation_.mounts) {
      if (IsBelow(filesystem.target, mount.target)) return absl::OkStatus();
    }
    if (BelongsToHost(filesystem)) {
      return AddHostMount(filesystem.target, filesystem.target,
                          (filesystem.attributes & MOUNT_ATTR_RDONLY) != 0);
    }
    RootStep& step = Add(RootStepKind::kMountFilesystem, filesystem.target);
    step.text = filesystem.text;
    step.attributes = filesystem.attributes;
    step.target_flags = kTargetWithoutSymlinks;
    return absl::OkStatus();
  }

  absl::Status AddDevice(const TaskDevice& device) {
    if (HasOwn("/dev")) return absl::OkStatus();
    // Nobody in a user namespace makes a device.
    if (isolation_.has_user_namespace()) {
      return AddHostMount(device.host_path, device.path, false);
    }
    RootStep& step = Add(RootStepKind::kDevice, device.path);
    step.mode = device.type | device.permissions;
    step.device = device.rdev;
    step.uid = device.uid;
    step.gid = device.gid;
    return absl::OkStatus();
  }

  void AddLink(const Link& link) {
    if (HasOwn("/dev")) return;
    Add(RootStepKind::kSymlink, link.path).text = link.text;
  }

  absl::Status AddMount(const MountSpec& mount) {
    return mount.kind == MountKind::kBind ? AddBind(mount) : AddTmpfs(mount);
  }

  void AddMask(const char* path) { Add(RootStepKind::kMask, path); }
  void AddReadOnly(const char* path) { Add(RootStepKind::kReadOnly, path); }

  std::vector<RootStep> Take() { return std::move(steps_); }

 private:
  RootStep& Add(RootStepKind kind, const std::string& target) {
    steps_.emplace_back();
    steps_.back().kind = kind;
    steps_.back().target = target;
    return steps_.back();
  }

  bool HasOwn(absl::string_view target) const {
    return std::any_of(
        isolation_.mounts.begin(), isolation_.mounts.end(),
        [&](const MountSpec& mount) { return mount.target == target; });
  }

  // Only who owns the namespace that it shows may mount it.
  bool BelongsToHost(const Filesystem& filesystem) const {
    if (!isolation_.has_user_namespace()) return false;
    const absl::string_view target = filesystem.target;
    return (target == "/sys" && isolation_.network != "none") ||
           (target == "/dev/mqueue" && isolation_.ipc == NamespaceMode::kHost);
  }

  absl::Status AddHostMount(const std::string& source,
                            const std::string& target, bool is_read_only) {
    MountSpec mount;
    mount.source = source;
    mount.target = target;
    mount.read_only = is_read_only;
    mount.no_suid = true;
    mount.no_exec = true;
    // Not with the host's cgroups below /sys.
    return AddTree(mount, CloneSourceAlone(mount));
  }

  absl::Status AddBind(const MountSpec& mount) {
    return AddTree(mount, CloneSource(mount));
  }

  absl::Status AddTree(const MountSpec& mount, absl::StatusOr<UniqueFd> tree) {
    if (!tree.ok()) return tree.status();
    struct stat info;
    if (fstat(tree->get(), &info) != 0) {
      return ErrnoStatus(errno, absl::StrCat("stat ", mount.source));
    }
    RootStep& step = Add(RootStepKind::kMountTree, mount.target);
    step.fd = *std::move(tree);
    step.text = mount.source;
    step.target_flags = S_ISDIR(info.st_mode) ? 0 : kTargetIsFile;
    return absl::OkStatus();
  }

  absl::Status AddTmpfs(const MountSpec& mount) {
    RootStep& step = Add(RootStepKind::kMountFilesystem, mount.target);
    step.text = absl::StrFormat("tmpfs,mode=%o", mount.mode);
    if (mount.size != 0) absl::StrAppend(&step.text, ",size=", mount.size);
    step.attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
    if (mount.no_exec) step.attributes |= MOUNT_ATTR_NOEXEC;
    if (mount.read_only) step.attributes |= MOUNT_ATTR_RDONLY;
    return absl::OkStatus();
  }

  const IsolationSpec& isolation_;
  std::vector<RootStep> steps_;
};

}  // namespace

absl::StatusOr<std::vector<RootStep>> RootStepsOf(
    const IsolationSpec& isolation, const std::vector<TaskDevice>& devices) {
  const bool has_root = !isolation.root.directory.empty();
  Builder builder(isolation);
  absl::Status status;
  if (has_root || isolation.pid != NamespaceMode::kHost) {
    status.Update(builder.AddFilesystem(kProc));
  }
  if (has_root) {
    for (const Filesystem& each : kFilesystems) {
      status.Update(builder.AddFilesystem(each));
    }
    for (const TaskDevice& device : devices) {
      status.Update(builder.AddDevice(device));
    }
    for (const Link& link : kLinks) builder.AddLink(link);
  }
  for (const MountSpec& mount : isolation.mounts) {
    status.Update(builder.AddMount(mount));
  }
  if (!status.ok()) return status;
  for (const char* path : kMasked) builder.AddMask(path);
  for (const char* path : kReadOnly) builder.AddReadOnly(path);
  return builder.Take();
}

RootStep MakeDirectoryStep(const std::string& path, uint32_t uid,
                           uint32_t gid) {
  RootStep step;
  step.kind = RootStepKind::kDirectory;
  step.target = path;
  step.uid = uid;
  step.gid = gid;
  return step;
}

}  // namespace reeve
