#include "enforcement/cgroup/cgroup_dir_fds.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/file.h"

namespace reeve {
namespace {

std::optional<CgroupVersion> VersionOf(const std::optional<CgroupDir>& dir) {
  if (!dir.has_value()) return std::nullopt;
  return dir->version;
}

// Whether tasks have a directory in the hierarchy. Others are none of our
// business, even if they have a cgroup of that name.
bool IsUsed(const CgroupHierarchy& hierarchy) {
  return hierarchy.version == CgroupVersion::kV2 ||
         absl::c_any_of(hierarchy.controllers, [](absl::string_view name) {
           return name == "cpu" || name == "cpuacct" || name == "memory" ||
                  name == "pids" || name == "freezer";
         });
}

}  // namespace

absl::StatusOr<CgroupDirFds> CgroupDirFds::Open(const CgroupMounts& mounts,
                                                const std::string& cgroup) {
  CgroupDirFds fds;
  for (const CgroupHierarchy& hierarchy : mounts.hierarchies()) {
    if (!IsUsed(hierarchy)) continue;
    absl::StatusOr<UniqueFd> fd =
        OpenDirAt(AT_FDCWD, absl::StrCat(hierarchy.mount_point, cgroup));
    if (absl::IsNotFound(fd.status())) continue;
    if (!fd.ok()) return fd.status();
    fds.directories_.push_back(
        {hierarchy.version, hierarchy.controllers, *std::move(fd)});
  }
  if (fds.directories_.empty()) {
    return absl::NotFoundError(
        absl::StrCat("cgroup ", cgroup, ": it is in no hierarchy"));
  }

  fds.dirs_ = LocateCgroup(mounts, cgroup);
  if (fds.Find("cpu") < 0) fds.dirs_.cpu.reset();
  if (fds.Find("cpuacct") < 0) fds.dirs_.cpuacct.reset();
  if (fds.Find("memory") < 0) fds.dirs_.memory.reset();
  if (fds.Find("pids") < 0) fds.dirs_.pids.reset();
  if (fds.Unified() < 0) fds.dirs_.unified.reset();
  return fds;
}

LimitVersions CgroupDirFds::versions() const {
  LimitVersions versions;
  versions.cpu = VersionOf(dirs_.cpu);
  versions.memory = VersionOf(dirs_.memory);
  versions.pids = VersionOf(dirs_.pids);
  return versions;
}

int CgroupDirFds::Find(const std::string& controller) const {
  for (const Directory& directory : directories_) {
    if (absl::c_linear_search(directory.controllers, controller)) {
      return directory.fd.get();
    }
  }
  return -1;
}

std::vector<int> CgroupDirFds::V1() const {
  std::vector<int> fds;
  for (const Directory& directory : directories_) {
    if (directory.version == CgroupVersion::kV1) {
      fds.push_back(directory.fd.get());
    }
  }
  return fds;
}

int CgroupDirFds::Unified() const {
  for (const Directory& directory : directories_) {
    if (directory.version == CgroupVersion::kV2) return directory.fd.get();
  }
  return -1;
}

int CgroupDirFds::Main() const {
  for (const int fd : {Unified(), Find("freezer")}) {
    if (fd >= 0) return fd;
  }
  return directories_.front().fd.get();
}

FreezeFile CgroupDirFds::MainFreezeFile() const {
  if (Unified() >= 0) return FreezeFile::kCgroupFreeze;
  return Find("freezer") >= 0 ? FreezeFile::kFreezerState : FreezeFile::kNone;
}

absl::StatusOr<std::string> CgroupDirFds::Read(const std::string& controller,
                                               const std::string& file) const {
  return ReadFileAt(Find(controller), file);
}

absl::StatusOr<std::string> CgroupDirFds::Write(const std::string& controller,
                                                const std::string& file,
                                                const std::string& value) {
  const absl::StatusOr<UniqueFd> fd = OpenAt(Find(controller), file, O_RDWR);
  if (!fd.ok()) return fd.status();
  ssize_t n;
  do {
    n = pwrite(fd->get(), value.data(), value.size(), 0);
  } while (n < 0 && errno == EINTR);
  if (n < 0) return ErrnoStatus(errno, absl::StrCat("write ", file));

  // From the start, a kernel file is made up anew; one limit is short.
  char text[128];
  n = pread(fd->get(), text, sizeof(text), 0);
  if (n < 0) return ErrnoStatus(errno, absl::StrCat("read back ", file));
  return std::string(text, static_cast<size_t>(n));
}

}  // namespace reeve
