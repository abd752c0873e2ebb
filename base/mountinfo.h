#ifndef REEVE_BASE_MOUNTINFO_H_
#define REEVE_BASE_MOUNTINFO_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace reeve {

// One line of /proc/PID/mountinfo: proc_pid_mountinfo(5). The text is as in the
// line, with what UnescapeMountPath() undoes.
struct MountinfoLine {
  // "8:1": equal for all mounts of one file system.
  absl::string_view device;
  // What of the file system is mounted.
  absl::string_view root;
  absl::string_view mount_point;
  // Of this mount, comma-separated: "rw,noatime".
  absl::string_view options;
  absl::string_view type;
  // "/dev/sda1", "server:/path", or whatever was named.
  absl::string_view source;
  // Of the file system.
  absl::string_view super_options;
};

// Nullopt if the line is not of that form.
std::optional<MountinfoLine> ParseMountinfoLine(absl::string_view line);

// The kernel writes space, tab, newline and backslash as \ooo.
std::string UnescapeMountPath(absl::string_view text);

}  // namespace reeve

#endif  // REEVE_BASE_MOUNTINFO_H_
