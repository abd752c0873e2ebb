#include "enforcement/cgroup/move_process.h"

#include <unistd.h>

#include <cerrno>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/file.h"

namespace reeve {

absl::Status MoveProcess(const UniqueFd& procs, pid_t pid) {
  const std::string text = absl::StrCat(pid);
  ssize_t n;
  do {
    n = write(procs.get(), text.data(), text.size());
  } while (n < 0 && errno == EINTR);
  if (n >= 0 || errno == ESRCH) return absl::OkStatus();
  return ErrnoStatus(errno, absl::StrCat("move process ", pid));
}

}  // namespace reeve
