#include "collectors/cgroup/cgroup_dir_handles.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"

namespace reeve {

absl::StatusOr<CgroupDirHandles> CgroupDirHandles::Open(
    const CgroupDirs& dirs) {
  CgroupDirHandles handles;
  for (const std::optional<CgroupDir>* dir :
       {&dirs.unified, &dirs.cpu, &dirs.cpuacct, &dirs.memory, &dirs.pids}) {
    const absl::Status added = handles.Add(*dir);
    if (!added.ok()) return added;
  }
  if (handles.handles_.empty()) {
    return absl::NotFoundError(absl::StrCat(
        "no cgroup at ", dirs.memory.has_value() ? dirs.memory->path
                         : dirs.unified.has_value()
                             ? dirs.unified->path
                             : "all: no hierarchy is mounted"));
  }
  return handles;
}

absl::Status CgroupDirHandles::Add(const std::optional<CgroupDir>& dir) {
  if (!dir.has_value() || Has(dir)) return absl::OkStatus();
  absl::StatusOr<UniqueFd> fd = OpenDirAt(AT_FDCWD, dir->path);
  if (absl::IsNotFound(fd.status())) return absl::OkStatus();
  if (!fd.ok()) return fd.status();
  handles_.push_back({dir->path, *std::move(fd)});
  return absl::OkStatus();
}

int CgroupDirHandles::Find(const std::optional<CgroupDir>& dir) const {
  if (!dir.has_value()) return -1;
  const auto found = absl::c_find_if(
      handles_, [&dir](const Handle& h) { return h.path == dir->path; });
  return found == handles_.end() ? -1 : found->fd.get();
}

bool CgroupDirHandles::Has(const std::optional<CgroupDir>& dir) const {
  return Find(dir) >= 0;
}

absl::Status CgroupDirHandles::OpenFile(const std::optional<CgroupDir>& dir,
                                        const char* name,
                                        KeptFile& file) const {
  const int fd = Find(dir);
  if (fd < 0) return absl::OkStatus();
  absl::StatusOr<KeptFile> opened = KeptFile::Open(fd, name);
  if (!opened.ok()) {
    return absl::Status(
        opened.status().code(),
        absl::StrCat(opened.status().message(), " in ", dir->path));
  }
  file = *std::move(opened);
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> CgroupDirHandles::Inode() const {
  struct stat info;
  if (fstat(handles_.front().fd.get(), &info) != 0) {
    return ErrnoStatus(errno, absl::StrCat("stat ", handles_.front().path));
  }
  return info.st_ino;
}

}  // namespace reeve
