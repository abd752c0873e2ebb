#include "agent/tasks/agent_tether.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/file.h"

namespace reeve {

absl::Status AgentTether::AddReader(UniqueFd* reader) {
  absl::MutexLock lock(&mutex_);
  if (!read_end_) {
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0) {
      return ErrnoStatus(errno, "make the pipe that ties tasks to the agent");
    }
    read_end_.Reset(fds[0]);
    write_end_.Reset(fds[1]);
  }
  reader->Reset(fcntl(read_end_.get(), F_DUPFD_CLOEXEC, 0));
  if (*reader) return absl::OkStatus();
  return ErrnoStatus(errno, "tie a task to the agent");
}

}  // namespace reeve
