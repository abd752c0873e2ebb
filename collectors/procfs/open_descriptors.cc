#include "collectors/procfs/open_descriptors.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <cerrno>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/unique_fd.h"

namespace reeve {
namespace {

struct CloseDir {
  void operator()(DIR* dir) const { closedir(dir); }
};

bool IsProcfs(int dir_fd) {
  struct statfs file_system;
  return fstatfs(dir_fd, &file_system) == 0 &&
         file_system.f_type == PROC_SUPER_MAGIC;
}

absl::StatusOr<uint64_t> CountEntries(int dir_fd, const char* path) {
  absl::StatusOr<UniqueFd> fd = OpenAt(dir_fd, path, O_RDONLY | O_DIRECTORY);
  if (!fd.ok()) return fd.status();
  const std::unique_ptr<DIR, CloseDir> dir(fdopendir(fd->get()));
  if (dir == nullptr) return ErrnoStatus(errno, absl::StrCat("list ", path));
  fd->Release();
  uint64_t entries = 0;
  while (const dirent* entry = readdir(dir.get())) {
    if (entry->d_name[0] != '.') ++entries;
  }
  return entries;
}

}  // namespace

absl::StatusOr<uint64_t> CountDescriptors(int dir_fd, const char* path) {
  struct stat info;
  if (fstatat(dir_fd, path, &info, 0) != 0) {
    return ErrnoStatus(errno, absl::StrCat("look at ", path));
  }
  if (info.st_size > 0 && IsProcfs(dir_fd)) {
    return static_cast<uint64_t>(info.st_size);
  }
  return CountEntries(dir_fd, path);
}

}  // namespace reeve
