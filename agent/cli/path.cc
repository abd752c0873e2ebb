#include "agent/cli/path.h"

#include <unistd.h>

#include <cerrno>
#include <climits>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace reeve {

absl::StatusOr<std::string> WorkingDirectory() {
  char buffer[PATH_MAX];
  if (getcwd(buffer, sizeof(buffer)) == nullptr) {
    return absl::ErrnoToStatus(errno, "working directory");
  }
  return std::string(buffer);
}

absl::StatusOr<std::string> AbsolutePath(const std::string& path) {
  if (path.empty() || path.front() == '/') return path;
  const absl::StatusOr<std::string> base = WorkingDirectory();
  if (!base.ok()) return base.status();
  return absl::StrCat(*base == "/" ? "" : *base, "/", path);
}

}  // namespace reeve
