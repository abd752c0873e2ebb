#include "agent/tasks/pidfd_exit.h"

#include <sys/ioctl.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "base/file.h"

namespace reeve {
namespace {

// From include/uapi/linux/pidfd.h, which Debian's headers are too old for: the
// first version of the structure, which every kernel with the call takes.
struct PidfdInfo {
  uint64_t mask;
  uint64_t cgroup_id;
  uint32_t pid;
  uint32_t tgid;
  uint32_t ppid;
  uint32_t ids[8];
  int32_t exit_code;
};
static_assert(sizeof(PidfdInfo) == 64, "PIDFD_INFO_SIZE_VER0");

constexpr uint64_t kExit = 1U << 3;  // PIDFD_INFO_EXIT
constexpr unsigned long kGetInfo = _IOWR(0xFF, 11, PidfdInfo);

}  // namespace

absl::StatusOr<int> ReadWaitStatus(const UniqueFd& pidfd) {
  PidfdInfo info = {};
  info.mask = kExit;
  if (ioctl(pidfd.get(), kGetInfo, &info) != 0) {
    // ESRCH: reaped, on a kernel that has the call without exits.
    if (errno == ENOTTY || errno == EINVAL || errno == ESRCH) {
      return absl::UnimplementedError(
          "the kernel does not tell how it ended (Linux 6.15 does)");
    }
    return ErrnoStatus(errno, "ask a pidfd how its process ended");
  }
  if ((info.mask & kExit) != 0) return info.exit_code;
  return absl::UnavailableError("its new parent has not reaped it");
}

}  // namespace reeve
