#include "enforcement/launch/detached_mount.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/file.h"

namespace reeve {
namespace {

constexpr mode_t kUpperMode = 0755;
constexpr mode_t kWorkMode = 0700;

// Of sys/mount.h, which does not go together with linux/mount.h.
constexpr uint64_t kPrivate = uint64_t{1} << 18;  // MS_PRIVATE
constexpr uint64_t kSlave = uint64_t{1} << 19;    // MS_SLAVE
constexpr uint64_t kShared = uint64_t{1} << 20;   // MS_SHARED

absl::Status Unimplemented() {
  return absl::UnimplementedError(
      "a root or mounts of a task's own need Linux 5.12 or later: use "
      "isolation universal");
}

absl::Status MountError(int error_number, const std::string& what) {
  if (error_number == ENOSYS) return Unimplemented();
  return ErrnoStatus(error_number, what);
}

absl::StatusOr<UniqueFd> CloneTree(const std::string& path,
                                   unsigned recursive = AT_RECURSIVE) {
  UniqueFd tree(static_cast<int>(
      syscall(SYS_open_tree, AT_FDCWD, path.c_str(),
              OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | recursive)));
  if (!tree) return MountError(errno, absl::StrCat("clone the mount ", path));
  return tree;
}

absl::Status SetAttributes(const UniqueFd& tree, int flags,
                           const mount_attr& attributes,
                           const std::string& path) {
  if (syscall(SYS_mount_setattr, tree.get(), "", AT_EMPTY_PATH | flags,
              &attributes, sizeof(attributes)) == 0) {
    return absl::OkStatus();
  }
  return MountError(errno,
                    absl::StrCat("set the attributes of the mount ", path));
}

uint64_t PropagationFlag(Propagation propagation) {
  switch (propagation) {
    case Propagation::kHostToTask:
      return kSlave;
    case Propagation::kBidirectional:
      return kShared;
    case Propagation::kPrivate:
      break;
  }
  return kPrivate;
}

mount_attr AttributesOf(const MountSpec& mount) {
  mount_attr attributes = {};
  if (mount.read_only) attributes.attr_set |= MOUNT_ATTR_RDONLY;
  if (mount.no_exec) attributes.attr_set |= MOUNT_ATTR_NOEXEC;
  if (mount.no_suid) attributes.attr_set |= MOUNT_ATTR_NOSUID;
  if (mount.no_dev) attributes.attr_set |= MOUNT_ATTR_NODEV;
  attributes.propagation = PropagationFlag(mount.propagation);
  return attributes;
}

// The mount that a descriptor is on, as in /proc/self/mountinfo.
absl::StatusOr<std::string> MountIdOf(const UniqueFd& fd) {
  const absl::StatusOr<std::string> info =
      ReadFile(absl::StrCat("/proc/self/fdinfo/", fd.get()));
  if (!info.ok()) return info.status();
  for (absl::string_view line : absl::StrSplit(*info, '\n')) {
    if (!absl::ConsumePrefix(&line, "mnt_id:")) continue;
    return std::string(absl::StripLeadingAsciiWhitespace(line));
  }
  return absl::InternalError("fdinfo has no mnt_id");
}

// "ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [shared:N]... - ...": proc(5).
absl::StatusOr<bool> IsShared(const std::string& mount_id) {
  const absl::StatusOr<std::string> mounts = ReadFile("/proc/self/mountinfo");
  if (!mounts.ok()) return mounts.status();
  for (const absl::string_view line : absl::StrSplit(*mounts, '\n')) {
    if (!absl::StartsWith(line, absl::StrCat(mount_id, " "))) continue;
    const absl::string_view head = line.substr(0, line.find(" - "));
    return absl::StrContains(head, " shared:");
  }
  return false;
}

absl::Status CheckShared(const std::string& source) {
  const absl::StatusOr<UniqueFd> fd = OpenAt(AT_FDCWD, source, O_PATH);
  if (!fd.ok()) return fd.status();
  const absl::StatusOr<std::string> id = MountIdOf(*fd);
  if (!id.ok()) return id.status();
  const absl::StatusOr<bool> shared = IsShared(*id);
  if (!shared.ok()) return shared.status();
  if (*shared) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "mount ", source,
      ": what is mounted in the task would not reach the host, whose own mount "
      "is private: \"mount --make-shared\" it first, or leave bidirectional "
      "out"));
}

absl::StatusOr<UniqueFd> MakeLayer(int directory_fd, const char* name,
                                   mode_t mode) {
  if (mkdirat(directory_fd, name, mode) != 0 && errno != EEXIST) {
    return ErrnoStatus(errno, absl::StrCat("make the overlay's ", name));
  }
  return OpenAt(directory_fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW);
}

// By descriptor: a path could have a comma or a colon, which mean something to
// overlayfs, or change meanwhile.
std::string PathOf(const UniqueFd& fd) {
  return absl::StrCat("/proc/self/fd/", fd.get());
}

absl::Status Configure(const UniqueFd& context, unsigned command,
                       const char* key, const std::string& value) {
  if (syscall(SYS_fsconfig, context.get(), command, key,
              key == nullptr ? nullptr : value.c_str(), 0) == 0) {
    return absl::OkStatus();
  }
  return MountError(
      errno, absl::StrCat("mount the overlay", key == nullptr ? "" : ": ",
                          key == nullptr ? "" : key));
}

absl::StatusOr<UniqueFd> MakeOverlay(const UniqueFd& lower,
                                     const UniqueFd& upper,
                                     const UniqueFd& work) {
  const UniqueFd context(
      static_cast<int>(syscall(SYS_fsopen, "overlay", FSOPEN_CLOEXEC)));
  if (!context) return MountError(errno, "mount the overlay");
  absl::Status status =
      Configure(context, FSCONFIG_SET_STRING, "source", "overlay");
  status.Update(
      Configure(context, FSCONFIG_SET_STRING, "lowerdir", PathOf(lower)));
  status.Update(
      Configure(context, FSCONFIG_SET_STRING, "upperdir", PathOf(upper)));
  status.Update(
      Configure(context, FSCONFIG_SET_STRING, "workdir", PathOf(work)));
  if (status.ok()) {
    status = Configure(context, FSCONFIG_CMD_CREATE, nullptr, "");
  }
  if (!status.ok()) return status;
  UniqueFd mount(static_cast<int>(
      syscall(SYS_fsmount, context.get(), FSMOUNT_CLOEXEC, 0)));
  if (!mount) return MountError(errno, "mount the overlay");
  return mount;
}

}  // namespace

absl::StatusOr<UniqueFd> CloneRoot(const std::string& directory,
                                   bool is_read_only) {
  absl::StatusOr<UniqueFd> tree = CloneTree(directory);
  if (!tree.ok()) return tree.status();
  struct stat info;
  if (fstat(tree->get(), &info) != 0) return ErrnoStatus(errno, directory);
  if (!S_ISDIR(info.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrCat("rootfs ", directory, " is not a directory"));
  }
  mount_attr attributes = {};
  attributes.propagation = kPrivate;
  if (is_read_only) attributes.attr_set = MOUNT_ATTR_RDONLY;
  absl::Status status =
      SetAttributes(*tree, AT_RECURSIVE, attributes, directory);
  if (status.ok() && is_read_only) {
    mount_attr writable = {};
    writable.attr_clr = MOUNT_ATTR_RDONLY;
    status = SetAttributes(*tree, 0, writable, directory);
  }
  if (!status.ok()) return status;
  return tree;
}

absl::StatusOr<UniqueFd> CloneSource(const MountSpec& mount) {
  if (mount.propagation == Propagation::kBidirectional) {
    const absl::Status shared = CheckShared(mount.source);
    if (!shared.ok()) return shared;
  }
  absl::StatusOr<UniqueFd> tree = CloneTree(mount.source);
  if (!tree.ok()) return tree.status();
  const absl::Status status =
      SetAttributes(*tree, AT_RECURSIVE, AttributesOf(mount), mount.source);
  if (!status.ok()) return status;
  return tree;
}

absl::StatusOr<UniqueFd> CloneSourceAlone(const MountSpec& mount) {
  absl::StatusOr<UniqueFd> tree = CloneTree(mount.source, 0);
  if (!tree.ok()) return tree.status();
  const absl::Status status =
      SetAttributes(*tree, 0, AttributesOf(mount), mount.source);
  if (!status.ok()) return status;
  return tree;
}

absl::StatusOr<UniqueFd> MountOverlay(const std::string& lower,
                                      int directory_fd) {
  const absl::StatusOr<UniqueFd> lower_fd =
      OpenAt(AT_FDCWD, lower, O_PATH | O_DIRECTORY);
  if (!lower_fd.ok()) return lower_fd.status();
  const absl::StatusOr<UniqueFd> upper =
      MakeLayer(directory_fd, "upper", kUpperMode);
  if (!upper.ok()) return upper.status();
  const absl::StatusOr<UniqueFd> work =
      MakeLayer(directory_fd, "work", kWorkMode);
  if (!work.ok()) return work.status();
  return MakeOverlay(*lower_fd, *upper, *work);
}

}  // namespace reeve
