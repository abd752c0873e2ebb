#include "enforcement/launch/relay_ends.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/file.h"
#include "base/unique_fd.h"

namespace reeve {
namespace {

constexpr unsigned short kColumns = 80;
constexpr unsigned short kLines = 24;
// As login programs set it: its user, and nobody else but who may write to
// terminals.
constexpr mode_t kTerminalMode = 0620;
constexpr gid_t kSameGroup = static_cast<gid_t>(-1);

struct Ends {
  UniqueFd read_end;
  UniqueFd write_end;
};

absl::Status GiveToUser(const UniqueFd& fd, const LaunchRequest& request) {
  if (!request.credentials) return absl::OkStatus();
  if (fchown(fd.get(), request.credentials->uid, kSameGroup) == 0) {
    return absl::OkStatus();
  }
  return ErrnoStatus(errno, "give the task's standard streams to its user");
}

absl::Status MakeNonBlocking(const UniqueFd& fd) {
  const int flags = fcntl(fd.get(), F_GETFL);
  if (flags >= 0 && fcntl(fd.get(), F_SETFL, flags | O_NONBLOCK) == 0) {
    return absl::OkStatus();
  }
  return ErrnoStatus(errno, "set flags of the task's standard streams");
}

absl::StatusOr<Ends> MakePipe(const LaunchRequest& request) {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) {
    return ErrnoStatus(errno, "make a pipe for the task's standard streams");
  }
  Ends ends = {UniqueFd(fds[0]), UniqueFd(fds[1])};
  const absl::Status given = GiveToUser(ends.read_end, request);
  if (!given.ok()) return given;
  return ends;
}

absl::StatusOr<UniqueFd> Duplicate(const UniqueFd& fd) {
  UniqueFd copy(fcntl(fd.get(), F_DUPFD_CLOEXEC, 0));
  if (!copy) return ErrnoStatus(errno, "duplicate a terminal");
  return copy;
}

// Sets every target to a descriptor of its own.
absl::Status Share(const UniqueFd& fd,
                   std::initializer_list<UniqueFd*> targets) {
  for (UniqueFd* const target : targets) {
    absl::StatusOr<UniqueFd> copy = Duplicate(fd);
    if (!copy.ok()) return copy.status();
    *target = *std::move(copy);
  }
  return absl::OkStatus();
}

absl::StatusOr<UniqueFd> OpenMaster() {
  UniqueFd master(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
  if (!master || unlockpt(master.get()) != 0) {
    return ErrnoStatus(errno, "make a terminal for the task");
  }
  winsize size = {};
  size.ws_col = kColumns;
  size.ws_row = kLines;
  if (ioctl(master.get(), TIOCSWINSZ, &size) != 0) {
    return ErrnoStatus(errno, "set the size of the task's terminal");
  }
  return master;
}

// By the master: whatever is mounted at /dev/pts does not matter.
absl::StatusOr<UniqueFd> OpenSlave(const UniqueFd& master) {
  UniqueFd slave(
      ioctl(master.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!slave || fchmod(slave.get(), kTerminalMode) != 0) {
    return ErrnoStatus(errno, "open the task's terminal");
  }
  return slave;
}

}  // namespace

absl::Status AddInputPipe(LaunchRequest* request) {
  absl::StatusOr<Ends> ends = MakePipe(*request);
  if (!ends.ok()) return ends.status();
  request->stdin_fd = std::move(ends->read_end);
  request->relay.input = std::move(ends->write_end);
  return MakeNonBlocking(request->relay.input);
}

absl::Status AddOutputPipe(int output, LaunchRequest* request) {
  absl::StatusOr<Ends> ends = MakePipe(*request);
  if (!ends.ok()) return ends.status();
  (output == 0 ? request->stdout_fd : request->stderr_fd) =
      std::move(ends->write_end);
  request->relay.outputs[output] = std::move(ends->read_end);
  return MakeNonBlocking(request->relay.outputs[output]);
}

absl::Status AddTerminal(LaunchRequest* request) {
  const absl::StatusOr<UniqueFd> master = OpenMaster();
  if (!master.ok()) return master.status();
  const absl::StatusOr<UniqueFd> slave = OpenSlave(*master);
  if (!slave.ok()) return slave.status();
  absl::Status status = GiveToUser(*slave, *request);
  if (!status.ok()) return status;
  RelayStreams& relay = request->relay;
  status = Share(*master, {&relay.input, &relay.outputs[0]});
  if (!status.ok()) return status;
  request->controlling_tty = true;
  return Share(*slave, {&request->stdin_fd, &request->stdout_fd,
                        &request->stderr_fd, &relay.terminal});
}

}  // namespace reeve
