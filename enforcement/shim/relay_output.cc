#include "enforcement/shim/relay_output.h"

#include <errno.h>
#include <unistd.h>

namespace reeve {
namespace {

// Between two looks at everything else.
constexpr int kChunksAtOnce = 16;

}  // namespace

RelayOutput::RelayOutput(int fd, int index, char* buffer, RotatingLog* log,
                         RelayClient* clients)
    : fd_(fd), index_(index), buffer_(buffer), log_(log), clients_(clients) {}

void RelayOutput::Register(PollSet& set) const {
  if (is_open() && !is_pending()) set.Add(fd_, POLLIN);
}

bool RelayOutput::Serve(int64_t now_ms) {
  for (int i = 0; i < kChunksAtOnce; ++i) {
    if (!is_pending() && !ReadChunk()) return false;
    if (!PushChunk(now_ms)) return false;
    size_ = 0;
  }
  return true;
}

// Returns whether there is one.
bool RelayOutput::ReadChunk() {
  if (!is_open()) return false;
  ssize_t n;
  do {
    n = read(fd_, buffer_, kCapacity);
  } while (n < 0 && errno == EINTR);
  if (n < 0 && errno == EAGAIN) return false;
  if (n <= 0) {
    // EIO is how a terminal ends.
    close(fd_);
    fd_ = kNoFd;
    return false;
  }
  size_ = static_cast<size_t>(n);
  if (log_->is_used()) log_->Append(buffer_, size_);
  for (int i = 0; i < kMaxClients; ++i) clients_[i].BeginChunk(index_);
  return true;
}

// Returns whether everybody has all of it.
bool RelayOutput::PushChunk(int64_t now_ms) {
  bool is_done = true;
  for (int i = 0; i < kMaxClients; ++i) {
    if (!clients_[i].Push(index_, buffer_, size_, now_ms)) is_done = false;
  }
  return is_done;
}

}  // namespace reeve
