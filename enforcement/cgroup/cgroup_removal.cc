#include "enforcement/cgroup/cgroup_removal.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/unique_fd.h"
#include "enforcement/cgroup/child_cgroups.h"

namespace reeve {
namespace {

// `directory` is only for messages.
absl::Status RemoveAt(int parent_fd, const std::string& name,
                      const std::string& directory) {
  // Most cgroups have no children: one call does it.
  if (unlinkat(parent_fd, name.c_str(), AT_REMOVEDIR) == 0) {
    return absl::OkStatus();
  }
  if (errno == ENOENT) return absl::OkStatus();
  if (errno != EBUSY && errno != ENOTEMPTY) {
    return ErrnoStatus(errno, absl::StrCat("remove cgroup ", directory));
  }

  const absl::StatusOr<UniqueFd> dir = OpenDirAt(parent_fd, name);
  if (absl::IsNotFound(dir.status())) return absl::OkStatus();
  if (!dir.ok()) return dir.status();
  const absl::StatusOr<std::vector<std::string>> children =
      ChildCgroups(dir->get());
  if (!children.ok()) return children.status();

  absl::Status status;
  for (const std::string& child : *children) {
    status.Update(
        RemoveAt(dir->get(), child, absl::StrCat(directory, "/", child)));
  }
  if (!status.ok()) return status;
  if (unlinkat(parent_fd, name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT) {
    return absl::OkStatus();
  }
  if (errno != EBUSY) {
    return ErrnoStatus(errno, absl::StrCat("remove cgroup ", directory));
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "remove cgroup ", directory, ": it has processes; stop them first"));
}

}  // namespace

absl::Status RemoveCgroupDirectory(const std::string& directory) {
  return RemoveAt(AT_FDCWD, directory, directory);
}

}  // namespace reeve
