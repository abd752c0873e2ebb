#include "agent/api/exec_pipes.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/file.h"

namespace reeve {
namespace {

// So much is written before the other side is woken for it.
constexpr int kPipeSize = 262'144;
constexpr uint32_t kMaxSize = 65'535;

absl::Status SetNonblocking(const UniqueFd& fd) {
  if (fcntl(fd.get(), F_SETFL, O_NONBLOCK) == 0) return absl::OkStatus();
  return ErrnoStatus(errno, "make a stream of a command nonblocking");
}

// `ours` is the index of our end.
absl::StatusOr<StreamPipe> MakeStream(int ours) {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) {
    return ErrnoStatus(errno, "make a pipe for a command");
  }
  StreamPipe stream = {UniqueFd(fds[1 - ours]), UniqueFd(fds[ours])};
  // Refused to users with many pipes: it works with the default, too.
  (void)fcntl(stream.ours.get(), F_SETPIPE_SZ, kPipeSize);
  const absl::Status status = SetNonblocking(stream.ours);
  if (!status.ok()) return status;
  return stream;
}

}  // namespace

absl::StatusOr<StreamPipe> MakeOutputPipe() { return MakeStream(0); }

absl::StatusOr<StreamPipe> MakeInputPipe() { return MakeStream(1); }

absl::StatusOr<StreamPipe> MakeTerminal() {
  StreamPipe terminal;
  // open(2), since posix_openpt(3) passes no close-on-exec.
  terminal.ours.Reset(open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!terminal.ours || unlockpt(terminal.ours.get()) != 0) {
    return ErrnoStatus(errno, "make a terminal for a command");
  }
  // By the master, not by a path that may be of another mount.
  terminal.of_command.Reset(
      ioctl(terminal.ours.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!terminal.of_command) {
    return ErrnoStatus(errno, "open the terminal of a command");
  }
  const absl::Status status = SetNonblocking(terminal.ours);
  if (!status.ok()) return status;
  return terminal;
}

absl::Status ResizeTerminal(int master_fd, uint32_t width, uint32_t height) {
  if (std::max(width, height) > kMaxSize) {
    return absl::InvalidArgumentError("resize: at most 65535 characters");
  }
  winsize size = {};
  size.ws_col = static_cast<uint16_t>(width);
  size.ws_row = static_cast<uint16_t>(height);
  if (ioctl(master_fd, TIOCSWINSZ, &size) == 0) return absl::OkStatus();
  return ErrnoStatus(errno, "resize the terminal of a command");
}

absl::StatusOr<UniqueFd> Duplicate(const UniqueFd& fd) {
  UniqueFd copy(fcntl(fd.get(), F_DUPFD_CLOEXEC, 0));
  if (!copy) return ErrnoStatus(errno, "duplicate a stream of a command");
  return copy;
}

}  // namespace reeve
