#include "enforcement/shim/relay_client.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

namespace reeve {
namespace {

void MakeNonBlocking(int fd) {
  const int flags = fcntl(fd, F_GETFL, 0);
  fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

}  // namespace

void RelayClient::Attach(const AttachedStreams& streams, bool input,
                         unsigned outputs) {
  *this = RelayClient();
  for (const int fd : streams.fds) MakeNonBlocking(fd);
  closes_input_ = streams.closes_input;
  input_fd_ = streams.fds[0];
  if (!input) CloseInput();
  for (int i = 0; i < kOutputs; ++i) outputs_[i].fd = streams.fds[i + 1];
  for (int i = 0; i < kOutputs; ++i) {
    if ((outputs & (1u << i)) == 0) CloseOutput(outputs_[i]);
  }
}

void RelayClient::Register(PollSet& set, bool wants_input) {
  // Not while it is not wanted: its end would be told again and again.
  if (wants_input && has_input()) set.Add(input_fd_, POLLIN);
  for (Output& output : outputs_) {
    output.poll_key = set.Add(output.fd, output.is_pending ? POLLOUT : 0);
    if (output.is_pending) set.LimitWait(kClientPatienceMs);
  }
}

void RelayClient::NoteEvents(const PollSet& set) {
  for (Output& output : outputs_) {
    if (set.HasGone(output.poll_key)) CloseOutput(output);
    output.poll_key = PollSet::kNone;
  }
}

long RelayClient::ReadInput(char* bytes, size_t size) const {
  return read(input_fd_, bytes, size);
}

void RelayClient::CloseInput() {
  if (input_fd_ != kNoFd) close(input_fd_);
  input_fd_ = kNoFd;
}

void RelayClient::CloseOutput(Output& output) {
  if (output.fd == kNoFd) return;
  close(output.fd);
  output = Output();
}

void RelayClient::BeginChunk(int output) {
  outputs_[output].done = 0;
  outputs_[output].is_pending = outputs_[output].fd != kNoFd;
  outputs_[output].since_ms = -1;
}

bool RelayClient::Push(int index, const char* bytes, size_t size,
                       int64_t now_ms) {
  Output& output = outputs_[index];
  if (!output.is_pending) return true;
  if (output.since_ms < 0) output.since_ms = now_ms;
  while (output.done < size) {
    const ssize_t n = write(output.fd, bytes + output.done, size - output.done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return false;
    if (n < 0) {
      CloseOutput(output);
      return true;
    }
    output.done += static_cast<size_t>(n);
    output.since_ms = now_ms;
  }
  output.is_pending = false;
  return true;
}

bool RelayClient::DropIfStalled(int64_t now_ms) {
  bool is_stalled = false;
  for (const Output& output : outputs_) {
    if (output.is_pending && output.since_ms >= 0 &&
        now_ms - output.since_ms >= kClientPatienceMs) {
      is_stalled = true;
    }
  }
  if (!is_stalled) return false;
  for (Output& output : outputs_) CloseOutput(output);
  CloseInput();
  return true;
}

}  // namespace reeve
