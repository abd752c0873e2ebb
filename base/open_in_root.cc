#include "base/open_in_root.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"

namespace reeve {
namespace {

// A rename anywhere on the machine while a ".." is followed is EAGAIN.
constexpr int kMaxTries = 128;

}  // namespace

absl::StatusOr<UniqueFd> OpenInRoot(int root_fd, const std::string& path,
                                    int flags) {
  open_how how = {};
  how.flags = static_cast<uint64_t>(flags) | O_CLOEXEC;
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  for (int tries = 0; tries < kMaxTries; ++tries) {
    UniqueFd fd(static_cast<int>(
        syscall(SYS_openat2, root_fd, path.c_str(), &how, sizeof(how))));
    if (fd) return fd;
    if (errno != EAGAIN && errno != EINTR) break;
  }
  if (errno == ENOSYS) {
    return absl::UnimplementedError(absl::StrCat(
        "open ", path,
        " in a root: this kernel has no openat2(2), use Linux 5.6 or later"));
  }
  return ErrnoStatus(errno, absl::StrCat("open ", path, " in a root"));
}

}  // namespace reeve
