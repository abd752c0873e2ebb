#include "enforcement/cgroup/child_cgroups.h"

#include <dirent.h>
#include <fcntl.h>

#include <cerrno>
#include <memory>

#include "absl/strings/string_view.h"
#include "base/file.h"
#include "base/unique_fd.h"

namespace reeve {
namespace {

struct CloseDir {
  void operator()(DIR* dir) const { closedir(dir); }
};

}  // namespace

absl::StatusOr<std::vector<std::string>> ChildCgroups(int dir_fd) {
  absl::StatusOr<UniqueFd> fd = OpenAt(dir_fd, ".", O_RDONLY | O_DIRECTORY);
  if (absl::IsNotFound(fd.status())) return std::vector<std::string>();
  if (!fd.ok()) return fd.status();
  const std::unique_ptr<DIR, CloseDir> dir(fdopendir(fd->get()));
  if (dir == nullptr) return ErrnoStatus(errno, "list cgroup");
  fd->Release();

  std::vector<std::string> children;
  // The kernel's cgroup filesystems fill in d_type.
  while (const dirent* entry = readdir(dir.get())) {
    const absl::string_view name = entry->d_name;
    if (entry->d_type == DT_DIR && name != "." && name != "..") {
      children.emplace_back(name);
    }
  }
  return children;
}

}  // namespace reeve
