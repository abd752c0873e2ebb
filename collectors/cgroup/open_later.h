#ifndef REEVE_COLLECTORS_CGROUP_OPEN_LATER_H_
#define REEVE_COLLECTORS_CGROUP_OPEN_LATER_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/kept_file.h"

namespace reeve {

// Opens a file that need not be there yet; `file` does not exist afterwards if
// it is not.
inline absl::Status OpenLater(int dir_fd, const char* name, KeptFile& file) {
  absl::StatusOr<KeptFile> opened = KeptFile::Open(dir_fd, name);
  if (!opened.ok()) return opened.status();
  file = *std::move(opened);
  return absl::OkStatus();
}

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_OPEN_LATER_H_
