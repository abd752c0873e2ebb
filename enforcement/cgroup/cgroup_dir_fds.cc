#include "enforcement/cgroup/cgroup_dir_fds.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "base/file.h"

namespace reeve {
namespace {

std::optional<CgroupVersion> VersionOf(const std::optional<CgroupDir>& dir) {
  if (!dir.has_value()) return std::nullopt;
  return dir->version;
}

// From the start: a kernel file is made up anew.
absl::StatusOr<std::string> ReadAll(int fd, const std::string& file) {
  std::string text;
  char chunk[1024];
  while (true) {
    const ssize_t n =
        pread(fd, chunk, sizeof(chunk), static_cast<off_t>(text.size()));
    if (n == 0) return text;
    if (n > 0) {
      text.append(chunk, static_cast<size_t>(n));
    } else if (errno != EINTR) {
      return ErrnoStatus(errno, absl::StrCat("read back ", file));
    }
  }
}

// Whether tasks may have a directory in the hierarchy. Others are none of our
// business, even if they have a cgroup of that name.
bool IsUsed(const CgroupHierarchy& hierarchy) {
  static constexpr absl::string_view kUsed[] = {"cpu",   "cpuacct", "memory",
                                                "pids",  "freezer", "cpuset",
                                                "blkio", "hugetlb", "devices"};
  return hierarchy.version == CgroupVersion::kV2 ||
         absl::c_any_of(hierarchy.controllers, [](absl::string_view name) {
           return absl::c_linear_search(kUsed, name);
         });
}

// The v2 controllers that a cgroup has files of: those that its parent gives.
std::vector<std::string> ControllersIn(int dir_fd) {
  const absl::StatusOr<std::string> text =
      ReadFileAt(dir_fd, "cgroup.controllers");
  if (!text.ok()) return {};
  return absl::StrSplit(*text, absl::ByAnyChar(" \n"), absl::SkipEmpty());
}

bool HasOneOf(const CgroupHierarchy& hierarchy,
              const std::vector<std::string>& controllers) {
  return absl::c_any_of(hierarchy.controllers,
                        [&controllers](const std::string& name) {
                          return absl::c_linear_search(controllers, name);
                        });
}

}  // namespace

template <typename IsWanted>
absl::StatusOr<std::unique_ptr<CgroupDirFds>> CgroupDirFds::OpenIf(
    const CgroupMounts& mounts, const std::string& cgroup, IsWanted is_wanted) {
  auto fds = absl::WrapUnique(new CgroupDirFds(mounts, cgroup));
  absl::MutexLock lock(&fds->mutex_);
  for (const CgroupHierarchy& hierarchy : mounts.hierarchies()) {
    if (!is_wanted(hierarchy)) continue;
    absl::Status status = fds->OpenIn(hierarchy);
    if (!status.ok()) return status;
  }
  fds->directories_.shrink_to_fit();
  if (fds->directories_.empty()) {
    return absl::NotFoundError(
        absl::StrCat("cgroup ", cgroup, ": it is in no hierarchy"));
  }
  fds->is_there_ = fds->LookWhatIsThere();
  return fds;
}

// A directory of the v2 hierarchy is that of the controllers enabled there.
CgroupDirFds::Presence CgroupDirFds::LookWhatIsThere() const {
  const int unified = UnifiedLocked();
  const std::vector<std::string> on_v2 = ControllersIn(unified);
  const auto has = [&](absl::string_view controller) {
    mutex_.AssertHeld();
    const int fd = FindLocked(controller);
    return fd >= 0 &&
           (fd != unified || absl::c_linear_search(on_v2, controller));
  };
  Presence is_there;
  is_there.cpu = has("cpu");
  is_there.cpuacct = has("cpuacct");
  is_there.memory = has("memory");
  is_there.pids = has("pids");
  is_there.cpuset = has("cpuset");
  is_there.io = has("io") || has("blkio");
  is_there.hugetlb = has("hugetlb");
  is_there.unified = unified >= 0;
  return is_there;
}

absl::StatusOr<std::unique_ptr<CgroupDirFds>> CgroupDirFds::Open(
    const CgroupMounts& mounts, const std::string& cgroup) {
  return OpenIf(mounts, cgroup, IsUsed);
}

absl::StatusOr<std::unique_ptr<CgroupDirFds>> CgroupDirFds::Open(
    const CgroupMounts& mounts, const std::string& cgroup,
    const std::vector<std::string>& controllers) {
  return OpenIf(mounts, cgroup,
                [&controllers](const CgroupHierarchy& hierarchy) {
                  return hierarchy.version == CgroupVersion::kV2 ||
                         HasOneOf(hierarchy, controllers);
                });
}

absl::Status CgroupDirFds::Add(const CgroupMounts& mounts,
                               const std::vector<std::string>& controllers) {
  absl::MutexLock lock(&mutex_);
  mounts_ = mounts;
  for (const std::string& controller : controllers) {
    const CgroupHierarchy* hierarchy = mounts_.Find(controller);
    if (hierarchy == nullptr || FindLocked(controller) >= 0) continue;
    absl::Status status = OpenIn(*hierarchy);
    if (!status.ok()) return status;
  }
  // Those of v2 have been enabled meanwhile in a directory that is open.
  is_there_ = LookWhatIsThere();
  return absl::OkStatus();
}

// Their paths are made up when somebody asks: kept, they would be half a
// kilobyte of each task.
CgroupDirs CgroupDirFds::dirs() const {
  absl::ReaderMutexLock lock(&mutex_);
  CgroupDirs dirs = LocateCgroup(mounts_, cgroup_);
  if (!is_there_.cpu) dirs.cpu.reset();
  if (!is_there_.cpuacct) dirs.cpuacct.reset();
  if (!is_there_.memory) dirs.memory.reset();
  if (!is_there_.pids) dirs.pids.reset();
  if (!is_there_.cpuset) dirs.cpuset.reset();
  if (!is_there_.io) dirs.io.reset();
  if (!is_there_.hugetlb) dirs.hugetlb.reset();
  if (!is_there_.unified) dirs.unified.reset();
  return dirs;
}

absl::Status CgroupDirFds::OpenIn(const CgroupHierarchy& hierarchy) {
  absl::StatusOr<UniqueFd> fd =
      OpenDirAt(AT_FDCWD, absl::StrCat(hierarchy.mount_point, cgroup_));
  if (absl::IsNotFound(fd.status())) return absl::OkStatus();
  if (!fd.ok()) return fd.status();
  directories_.push_back({&hierarchy, mounts_, *std::move(fd)});
  return absl::OkStatus();
}

LimitVersions CgroupDirFds::versions() const {
  const CgroupDirs there = dirs();
  LimitVersions versions;
  versions.cpu = VersionOf(there.cpu);
  versions.memory = VersionOf(there.memory);
  versions.pids = VersionOf(there.pids);
  return versions;
}

int CgroupDirFds::Find(const std::string& controller) const {
  absl::ReaderMutexLock lock(&mutex_);
  return FindLocked(controller);
}

int CgroupDirFds::FindLocked(absl::string_view controller) const {
  for (const Directory& directory : directories_) {
    if (absl::c_linear_search(directory.hierarchy->controllers, controller)) {
      return directory.fd.get();
    }
  }
  return -1;
}

std::vector<int> CgroupDirFds::V1() const {
  absl::ReaderMutexLock lock(&mutex_);
  std::vector<int> fds;
  for (const Directory& directory : directories_) {
    if (directory.hierarchy->version == CgroupVersion::kV1) {
      fds.push_back(directory.fd.get());
    }
  }
  return fds;
}

int CgroupDirFds::Unified() const {
  absl::ReaderMutexLock lock(&mutex_);
  return UnifiedLocked();
}

int CgroupDirFds::UnifiedLocked() const {
  for (const Directory& directory : directories_) {
    if (directory.hierarchy->version == CgroupVersion::kV2)
      return directory.fd.get();
  }
  return -1;
}

int CgroupDirFds::Main() const {
  absl::ReaderMutexLock lock(&mutex_);
  for (const int fd : {UnifiedLocked(), FindLocked("freezer")}) {
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
  const int dir_fd = Find(controller);
  if (dir_fd < 0) {
    return absl::NotFoundError(
        absl::StrCat("read ", file, ": no controller ", controller));
  }
  return ReadFileAt(dir_fd, file);
}

absl::StatusOr<std::string> CgroupDirFds::Write(const std::string& controller,
                                                const std::string& file,
                                                const std::string& value) {
  const absl::StatusOr<UniqueFd> fd = OpenAt(Find(controller), file, O_RDWR);
  if (!fd.ok()) return fd.status();
  // Nothing at all would not reach the kernel.
  const std::string text = value.empty() ? "\n" : value;
  ssize_t n;
  do {
    n = pwrite(fd->get(), text.data(), text.size(), 0);
  } while (n < 0 && errno == EINTR);
  if (n < 0) return ErrnoStatus(errno, absl::StrCat("write ", file));
  return ReadAll(fd->get(), file);
}

absl::Status CgroupDirFds::WriteOnly(const std::string& controller,
                                     const std::string& file,
                                     const std::string& value) {
  return WriteFileAt(Find(controller), file, value);
}

}  // namespace reeve
