#include "enforcement/shim/relay_input.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace reeve {

RelayInput::RelayInput(int fd, bool is_terminal, char* buffer)
    : fd_(fd), is_terminal_(is_terminal), buffer_(buffer) {}

void RelayInput::Fill(size_t size) {
  size_ = size;
  done_ = 0;
  const char last = buffer_[size - 1];
  is_within_line_ = last != '\n' && last != '\r';
}

void RelayInput::Resize(unsigned short width, unsigned short height) const {
  if (!is_terminal_ || !is_open()) return;
  winsize size = {};
  size.ws_col = width;
  size.ws_row = height;
  // A terminal that has just gone needs no size.
  ioctl(fd_, TIOCSWINSZ, &size);
}

void RelayInput::Register(PollSet& set) const {
  // An input that is not read any more is found out when it is written to.
  if (is_open() && size_ > 0) set.Add(fd_, POLLOUT);
}

void RelayInput::Serve() {
  while (is_open() && size_ > 0) {
    const ssize_t n = write(fd_, buffer_ + done_, size_ - done_);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return;
    if (n < 0) return Close();
    done_ += static_cast<size_t>(n);
    if (done_ == size_) size_ = 0;
  }
  if (!closes_) return;
  if (is_terminal_) {
    EndTerminal();
  } else {
    Close();
  }
}

void RelayInput::Close() {
  close(fd_);
  fd_ = kNoFd;
  size_ = 0;
  closes_ = false;
}

void RelayInput::EndTerminal() {
  closes_ = false;
  // The kernel's structure is a shorter one with the same beginning.
  termios settings = {};
  if (ioctl(fd_, TCGETS, &settings) != 0) return;
  if ((settings.c_lflag & ICANON) == 0) return;
  const char end = static_cast<char>(settings.c_cc[VEOF]);
  size_ = is_within_line_ ? 2 : 1;
  done_ = 0;
  buffer_[0] = end;
  buffer_[1] = end;
  is_within_line_ = false;
  Serve();
}

}  // namespace reeve
