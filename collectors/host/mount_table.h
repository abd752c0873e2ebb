#ifndef REEVE_COLLECTORS_HOST_MOUNT_TABLE_H_
#define REEVE_COLLECTORS_HOST_MOUNT_TABLE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace reeve {

// Where a file system is mounted.
struct MountedFilesystem {
  std::string mount_point;
  std::string source;
  std::string type;
};

// Every file system of /proc/self/mountinfo once: where its root was mounted
// first, or any part of it if the root is not. What another file system is
// mounted over is left out. Lines that are none of mounts are ignored.
std::vector<MountedFilesystem> ParseMountTable(absl::string_view mountinfo);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_HOST_MOUNT_TABLE_H_
