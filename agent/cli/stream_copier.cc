#include "agent/cli/stream_copier.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/string_view.h"

namespace reeve {
namespace {

constexpr size_t kBlockSize = size_t{64} * 1024;

// Waits for `fd` to take all. Returns whether it did.
bool WriteAll(int fd, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(fd, bytes.data(), bytes.size());
    if (n >= 0) {
      bytes.remove_prefix(static_cast<size_t>(n));
    } else if (errno == EAGAIN) {
      // Somebody else made it non-blocking.
      pollfd ready = {fd, POLLOUT, 0};
      poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

}  // namespace

StreamCopier::StreamCopier(Options options, TaskPipes pipes)
    : options_(std::move(options)),
      pipes_(std::move(pipes)),
      input_ended_(options_.in < 0) {
  // A task that does not read must not keep its output from being shown.
  const int flags = fcntl(pipes_.in.get(), F_GETFL);
  fcntl(pipes_.in.get(), F_SETFL, flags | O_NONBLOCK);
  if (input_ended_) pipes_.in.Reset();
}

StreamCopier::Outcome StreamCopier::Run() {
  Outcome outcome = Outcome::kOutputEnded;
  while (pipes_.out || pipes_.err) {
    const bool reads = !input_ended_ && pending_.empty();
    pollfd fds[] = {
        {reads ? options_.in : -1, POLLIN, 0},
        {pipes_.in.get(), static_cast<short>(pending_.empty() ? 0 : POLLOUT),
         0},
        {pipes_.out.get(), POLLIN, 0},
        {pipes_.err.get(), POLLIN, 0},
        {options_.wake, POLLIN, 0},
    };
    if (poll(fds, 5, -1) < 0) continue;
    if (fds[0].revents != 0) ReadInput();
    if (fds[1].revents != 0 || !pending_.empty()) WriteInput();
    if (fds[2].revents != 0) CopyOutput(pipes_.out, options_.out);
    if (fds[3].revents != 0) CopyOutput(pipes_.err, options_.err);
    if (detached_) {
      outcome = Outcome::kDetached;
      break;
    }
    if (fds[4].revents != 0 && options_.on_wake()) {
      outcome = Outcome::kWoken;
      break;
    }
  }
  pipes_ = TaskPipes();
  return outcome;
}

// Passes on what there is. Closes `from` at its end, and if nobody takes it.
void StreamCopier::CopyOutput(UniqueFd& from, int to) {
  std::string block(kBlockSize, '\0');
  const ssize_t n = read(from.get(), &block[0], block.size());
  if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (n > 0 &&
      WriteAll(to, absl::string_view(block.data(), static_cast<size_t>(n)))) {
    return;
  }
  from.Reset();
  if (n > 0) options_.on_output_lost();
}

void StreamCopier::ReadInput() {
  std::string block(kBlockSize, '\0');
  const ssize_t n = read(options_.in, &block[0], block.size());
  if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (n <= 0) {
    input_ended_ = true;
    pending_ = options_.end_of_input;
    if (pending_.empty()) pipes_.in.Reset();
    return;
  }
  block.resize(static_cast<size_t>(n));
  if (!options_.has_detach_keys) {
    pending_ = std::move(block);
  } else {
    detached_ = keys_.Take(block, &pending_);
  }
}

void StreamCopier::WriteInput() {
  if (!pipes_.in) return;
  const ssize_t n = write(pipes_.in.get(), pending_.data(), pending_.size());
  if (n >= 0 && !pending_.empty()) {
    pending_.erase(0, static_cast<size_t>(n));
    if (pending_.empty() && input_ended_) pipes_.in.Reset();
    return;
  }
  if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
  // The task reads no more.
  pending_.clear();
  input_ended_ = true;
  pipes_.in.Reset();
}

}  // namespace reeve
