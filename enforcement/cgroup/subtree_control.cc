#include "enforcement/cgroup/subtree_control.h"

#include <fcntl.h>
#include <unistd.h>

#include "absl/algorithm/container.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "base/file.h"
#include "base/unique_fd.h"

namespace reeve {
namespace {

constexpr char kSubtreeControl[] = "cgroup.subtree_control";

// "cpu memory pids\n"
std::vector<std::string> ControllersIn(absl::string_view contents) {
  return absl::StrSplit(contents, absl::ByAnyChar(" \n"), absl::SkipEmpty());
}

// An advice in the place of the kernel's bare answer.
absl::Status Explain(const absl::Status& status, const std::string& directory,
                     absl::string_view missing) {
  const std::string where =
      absl::StrCat("enable ", missing, " below cgroup ", directory);
  if (absl::IsNotFound(status)) {
    return absl::UnavailableError(absl::StrCat(
        where, ": the cgroup does not have it; enable it in the parent's ",
        kSubtreeControl));
  }
  if (absl::IsFailedPrecondition(status)) {  // EBUSY
    return absl::FailedPreconditionError(absl::StrCat(
        where, ": it has processes of its own; move them to a child cgroup"));
  }
  if (absl::IsPermissionDenied(status)) {
    return absl::PermissionDeniedError(
        absl::StrCat(where, ": user ", geteuid(), " may not write to its ",
                     kSubtreeControl, "; have that enabled by its owner"));
  }
  if (absl::IsUnimplemented(status)) {  // EOPNOTSUPP
    return absl::FailedPreconditionError(absl::StrCat(
        where, ": it is in a threaded subtree, which has no such controllers"));
  }
  return absl::Status(status.code(),
                      absl::StrCat(where, ": ", status.message()));
}

// Those of `controllers` that the children of a cgroup do not have.
absl::StatusOr<std::vector<std::string>> MissingIn(
    int dir_fd, const std::vector<std::string>& controllers) {
  const absl::StatusOr<std::string> contents =
      ReadFileAt(dir_fd, kSubtreeControl);
  if (!contents.ok()) return contents.status();
  const std::vector<std::string> enabled = ControllersIn(*contents);
  std::vector<std::string> missing;
  for (const std::string& controller : controllers) {
    if (!absl::c_linear_search(enabled, controller)) {
      missing.push_back(controller);
    }
  }
  return missing;
}

absl::Status EnableIn(const std::string& directory,
                      const std::vector<std::string>& controllers) {
  const absl::StatusOr<UniqueFd> dir = OpenDirAt(AT_FDCWD, directory);
  if (!dir.ok()) return dir.status();
  const absl::StatusOr<std::vector<std::string>> missing =
      MissingIn(dir->get(), controllers);
  if (!missing.ok()) return missing.status();
  if (missing->empty()) return absl::OkStatus();
  absl::Status status =
      WriteFileAt(dir->get(), kSubtreeControl,
                  absl::StrCat("+", absl::StrJoin(*missing, " +")));
  if (status.ok()) return status;
  return Explain(status, directory, absl::StrJoin(*missing, ", "));
}

}  // namespace

absl::Status EnableControllers(const std::string& mount_point,
                               const std::string& cgroup,
                               const std::vector<std::string>& controllers) {
  std::string directory = mount_point;
  // What a cgroup gives to its children, all above it give too.
  if (GivesControllers(mount_point, cgroup, controllers)) {
    return absl::OkStatus();
  }
  absl::Status status = EnableIn(directory, controllers);
  for (absl::string_view name :
       absl::StrSplit(cgroup, '/', absl::SkipEmpty())) {
    if (!status.ok()) return status;
    absl::StrAppend(&directory, "/", name);
    status = EnableIn(directory, controllers);
  }
  return status;
}

bool GivesControllers(const std::string& mount_point, const std::string& cgroup,
                      const std::vector<std::string>& controllers) {
  const absl::StatusOr<UniqueFd> dir =
      OpenDirAt(AT_FDCWD, absl::StrCat(mount_point, cgroup));
  if (!dir.ok()) return false;
  const absl::StatusOr<std::vector<std::string>> missing =
      MissingIn(dir->get(), controllers);
  return missing.ok() && missing->empty();
}

}  // namespace reeve
