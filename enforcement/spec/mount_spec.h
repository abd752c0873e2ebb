#ifndef REEVE_ENFORCEMENT_SPEC_MOUNT_SPEC_H_
#define REEVE_ENFORCEMENT_SPEC_MOUNT_SPEC_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

constexpr size_t kMaxMounts = 256;

enum class MountKind {
  kBind,   // A file or directory of the host.
  kTmpfs,  // An empty file system in memory, which counts for the task.
};

// Which later mounts below a bind mount the other side sees; names as in Nomad,
// kernel terms of mount_namespaces(7).
enum class Propagation {
  kPrivate,        // None: rprivate.
  kHostToTask,     // The host's, in the task: rslave.
  kBidirectional,  // Either's on the other side: rshared.
};

// One more mount in the root of a task.
struct MountSpec {
  MountKind kind = MountKind::kBind;
  // Of a bind: absolute, on the host.
  std::string source;
  // Absolute, in the task's root. Made if there is nothing.
  std::string target;
  // With all that is mounted below it.
  bool read_only = false;
  Propagation propagation = Propagation::kPrivate;
  bool no_exec = false;
  // A bind honours set-user-ID bits and devices otherwise; a tmpfs never does.
  bool no_suid = false;
  bool no_dev = false;
  // Of a tmpfs: bytes, 0 is the kernel's half of the memory; and its mode.
  uint64_t size = 0;
  uint32_t mode = 01777;
};

// "private", "host-to-task" or "bidirectional".
std::string PropagationText(Propagation propagation);
// kInvalidArgument for anything else; "" is private.
absl::StatusOr<Propagation> ParsePropagation(absl::string_view text);

// From "type=bind,src=/a,dst=/b,ro,propagation=host-to-task" or
// "type=tmpfs,dst=/tmp,size=64M,mode=1777", with source and target for src and
// dst. kInvalidArgument, naming the part, for any other text.
absl::StatusOr<MountSpec> ParseMount(absl::string_view text);

// What ParseMount() takes.
std::string MountText(const MountSpec& mount);

// kInvalidArgument, naming the mount, for more than kMaxMounts, paths that are
// not absolute and plain (no "." or ".." in them, no NUL), a second mount of
// the same target, the root itself as target, and what a kind does not take.
absl::Status ValidateMounts(const std::vector<MountSpec>& mounts);

// Whether `path` is absolute and free of "", "." and ".." components and NUL,
// with at most the kernel's 4095 bytes. "/" is.
bool IsPlainPath(absl::string_view path);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_MOUNT_SPEC_H_
