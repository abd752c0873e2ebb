#include "agent/doctor/clone_into_cgroup.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/unique_fd.h"

namespace reeve {

absl::Status TryCloneIntoCgroup(const std::string& path) {
  const absl::StatusOr<UniqueFd> cgroup =
      OpenAt(AT_FDCWD, path, O_RDONLY | O_DIRECTORY);
  if (!cgroup.ok()) return cgroup.status();

  clone_args args = {};
  args.flags = CLONE_INTO_CGROUP;
  args.exit_signal = SIGCHLD;
  args.cgroup = static_cast<uint64_t>(cgroup->get());
  const long pid = syscall(SYS_clone3, &args, sizeof(args));
  if (pid == 0) _exit(0);
  if (pid < 0) return absl::ErrnoToStatus(errno, "clone3 into a cgroup");

  int status;
  while (waitpid(static_cast<pid_t>(pid), &status, 0) < 0 && errno == EINTR) {
  }
  return absl::OkStatus();
}

}  // namespace reeve
