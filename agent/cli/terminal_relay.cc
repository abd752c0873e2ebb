#include "agent/cli/terminal_relay.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "absl/strings/string_view.h"
#include "base/file.h"

namespace reeve {
namespace {

// After the end of the command: how long something in its background may hold
// the terminal.
constexpr int kFinishMs = 200;

UniqueFd WatchSize() {
  sigset_t winch;
  sigemptyset(&winch);
  sigaddset(&winch, SIGWINCH);
  return UniqueFd(signalfd(-1, &winch, SFD_CLOEXEC | SFD_NONBLOCK));
}

// Returns whether all was written.
bool WriteAll(int fd, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(fd, bytes.data(), bytes.size());
    if (n >= 0) {
      bytes.remove_prefix(static_cast<size_t>(n));
    } else if (errno == EAGAIN) {
      pollfd ready = {fd, POLLOUT, 0};
      poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

}  // namespace

absl::Status TerminalRelay::Open(int input_fd, int output_fd) {
  input_fd_ = input_fd;
  output_fd_ = output_fd;
  master_.Reset(open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!master_ || unlockpt(master_.get()) != 0) {
    return ErrnoStatus(errno, "make a terminal");
  }
  of_command_.Reset(
      ioctl(master_.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!of_command_) return ErrnoStatus(errno, "open a terminal");
  resized_ = WatchSize();
  finish_.Reset(eventfd(0, EFD_CLOEXEC));
  if (!resized_ || !finish_) return ErrnoStatus(errno, "watch a terminal");
  Resize();
  return absl::OkStatus();
}

TerminalRelay::~TerminalRelay() { Finish(); }

void TerminalRelay::Start() {
  thread_ = std::thread([this] { Run(); });
}

void TerminalRelay::Finish() {
  if (!thread_.joinable()) return;
  eventfd_write(finish_.get(), 1);
  thread_.join();
}

void TerminalRelay::Run() {
  bool has_input = input_fd_ >= 0;
  bool is_finishing = false;
  while (true) {
    pollfd fds[] = {{master_.get(), POLLIN, 0},
                    {has_input && !is_finishing ? input_fd_ : -1, POLLIN, 0},
                    {resized_.get(), POLLIN, 0},
                    {is_finishing ? -1 : finish_.get(), POLLIN, 0}};
    const int ready = poll(fds, 4, is_finishing ? kFinishMs : -1);
    if (ready < 0) continue;
    if (ready == 0) return;
    if (fds[0].revents != 0 && !CopyOutput()) return;
    if (fds[1].revents != 0) has_input = CopyInput();
    if (fds[2].revents != 0) Resize();
    if (fds[3].revents != 0) is_finishing = true;
  }
}

bool TerminalRelay::CopyInput() {
  char bytes[4096];
  const ssize_t n = read(input_fd_, bytes, sizeof(bytes));
  if (n > 0) {
    return WriteAll(master_.get(), {bytes, static_cast<size_t>(n)});
  }
  if (n < 0 && (errno == EINTR || errno == EAGAIN)) return true;
  // What a terminal takes for the end of input (VEOF).
  WriteAll(master_.get(), "\x04");
  return false;
}

bool TerminalRelay::CopyOutput() {
  char bytes[16'384];
  const ssize_t n = read(master_.get(), bytes, sizeof(bytes));
  if (n > 0) {
    return WriteAll(output_fd_, {bytes, static_cast<size_t>(n)});
  }
  // EIO: nobody has the terminal open any more.
  return n < 0 && errno == EINTR;
}

void TerminalRelay::Resize() const {
  signalfd_siginfo info;
  while (read(resized_.get(), &info, sizeof(info)) > 0) {
  }
  winsize size;
  if (ioctl(input_fd_, TIOCGWINSZ, &size) == 0) {
    ioctl(master_.get(), TIOCSWINSZ, &size);
  }
}

}  // namespace reeve
