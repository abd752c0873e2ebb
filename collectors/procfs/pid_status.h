#ifndef REEVE_COLLECTORS_PROCFS_PID_STATUS_H_
#define REEVE_COLLECTORS_PROCFS_PID_STATUS_H_

#include <sys/types.h>

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// What is wanted of /proc/PID/status. A process without memory of its own (a
// zombie, a kernel thread) has no Vm lines: it uses 0.
struct PidStatus {
  uint64_t vm_rss_kib = 0;
  uint64_t vm_swap_kib = 0;
  uint64_t threads = 0;
  // The effective user, as in our user namespace.
  std::optional<uid_t> effective_uid;
};

// kDataLoss if there is no Threads line, or a value is not a number.
absl::StatusOr<PidStatus> ParsePidStatus(absl::string_view contents);

// What the end of the same file tells; absent where it does not.
struct ContextSwitches {
  std::optional<uint64_t> voluntary;
  std::optional<uint64_t> involuntary;
};

ContextSwitches ParseContextSwitches(absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCFS_PID_STATUS_H_
