#include "enforcement/cgroup/cgroup_access.h"

#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "base/file.h"

namespace reeve {
namespace {

bool Exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

bool IsSet(const std::string& directory, const char* attribute) {
  char value = 0;
  return getxattr(directory.c_str(), attribute, &value, sizeof(value)) == 1 &&
         value == '1';
}

}  // namespace

CgroupAccess WriteAccess(const std::string& path) {
  if (faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0) {
    return CgroupAccess::kYes;
  }
  return errno == EROFS ? CgroupAccess::kReadOnly : CgroupAccess::kDenied;
}

bool IsOurs(const std::string& directory) {
  return WriteAccess(directory) == CgroupAccess::kYes &&
         WriteAccess(absl::StrCat(directory, "/cgroup.procs")) ==
             CgroupAccess::kYes;
}

bool HasDelegateMark(const std::string& directory) {
  return IsSet(directory, "user.delegate") ||
         IsSet(directory, "trusted.delegate");
}

bool IsHierarchyRoot(const std::string& directory) {
  return !Exists(absl::StrCat(directory, "/cgroup.events"));
}

bool HasOwnProcesses(const std::string& directory, pid_t ignored_pid) {
  const absl::StatusOr<std::string> procs =
      ReadFile(absl::StrCat(directory, "/cgroup.procs"));
  return procs.ok() && !procs->empty() &&
         *procs != absl::StrCat(ignored_pid, "\n");
}

std::string ParentCgroup(const std::string& cgroup) {
  const size_t slash = cgroup.rfind('/');
  return slash == std::string::npos ? "" : cgroup.substr(0, slash);
}

std::string NearestExistingCgroup(const std::string& mount_point,
                                  const std::string& cgroup) {
  std::string nearest = cgroup == "/" ? "" : cgroup;
  while (!nearest.empty() && !Exists(absl::StrCat(mount_point, nearest))) {
    nearest = ParentCgroup(nearest);
  }
  return nearest;
}

bool IsAtOrBelow(const std::string& cgroup, const std::string& top) {
  absl::string_view rest = cgroup;
  return absl::ConsumePrefix(&rest, top) &&
         (rest.empty() || absl::StartsWith(rest, "/"));
}

}  // namespace reeve
