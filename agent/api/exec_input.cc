#include "agent/api/exec_input.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "agent/api/exec_pipes.h"

namespace reeve {
namespace {

// What a terminal takes for the end of input (VEOF).
constexpr char kEndOfInput[] = "\x04";

}  // namespace

void ExecInput::Open(UniqueFd fd, bool is_terminal) {
  fd_ = std::move(fd);
  is_terminal_ = is_terminal;
}

absl::StatusOr<bool> ExecInput::Take(const v1::ExecStreamRequest& request) {
  switch (request.message_case()) {
    case v1::ExecStreamRequest::kStdin:
      return Write(request.stdin());
    case v1::ExecStreamRequest::kCloseStdin:
      return !request.close_stdin() || Close();
    case v1::ExecStreamRequest::kResize: {
      const absl::Status status = Resize(request.resize());
      if (!status.ok()) return status;
      return true;
    }
    case v1::ExecStreamRequest::kSetup:
      return absl::InvalidArgumentError("setup: it was given already");
    case v1::ExecStreamRequest::MESSAGE_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError("a request without a message");
}

void ExecInput::End() {
  if (fd_) (void)Close();
}

bool ExecInput::Write(absl::string_view bytes) {
  is_waiting_ = false;
  while (fd_ && written_ < bytes.size()) {
    const ssize_t n =
        write(fd_.get(), bytes.data() + written_, bytes.size() - written_);
    if (n >= 0) {
      written_ += static_cast<size_t>(n);
    } else if (errno == EAGAIN) {
      is_waiting_ = true;
      return false;
    } else if (errno != EINTR) {
      // The command takes no more; the client may go on all the same.
      fd_.Reset();
    }
  }
  written_ = 0;
  return true;
}

bool ExecInput::Close() {
  if (is_terminal_ && fd_ && !Write(kEndOfInput)) return false;
  fd_.Reset();
  return true;
}

absl::Status ExecInput::Resize(const v1::TtySize& size) const {
  if (!is_terminal_) {
    return absl::InvalidArgumentError(
        "resize: the command has no terminal: ask for a tty in the setup");
  }
  // One that has closed its terminal does not care.
  return fd_ ? ResizeTerminal(fd_.get(), size.width(), size.height())
             : absl::OkStatus();
}

}  // namespace reeve
