#include "agent/tasks/command_output.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "agent/tasks/output_tail.h"
#include "base/system_clock.h"

namespace reeve {
namespace {

constexpr size_t kChunkSize = 65'536;

// Reads what there is, up to a chunk. Returns whether there may come more.
bool ReadChunk(const UniqueFd& fd, char* chunk, OutputTail* tail) {
  const ssize_t n = read(fd.get(), chunk, kChunkSize);
  if (n > 0) tail->Append({chunk, static_cast<size_t>(n)});
  return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

int TimeoutMs(absl::Duration left) {
  if (left == absl::InfiniteDuration()) return -1;
  const int64_t ms = absl::ToInt64Milliseconds(left) + 1;
  return static_cast<int>(std::clamp<int64_t>(ms, 0, INT32_MAX));
}

}  // namespace

absl::StatusOr<CommandResult> AwaitResult(RunningCommand& command,
                                          UniqueFd output,
                                          absl::Duration deadline,
                                          int cancel_fd) {
  const SystemClock clock;
  CommandResult result;
  OutputTail tail(kMaxOutputTail);
  const auto chunk = std::make_unique<char[]>(output ? kChunkSize : 0);
  bool has_ended = false;
  while (!has_ended || output) {
    pollfd fds[] = {{has_ended ? -1 : command.status_fd(), POLLIN, 0},
                    {output.get(), POLLIN, 0},
                    {has_ended ? -1 : cancel_fd, POLLIN, 0}};
    const int ready = poll(fds, 3, TimeoutMs(deadline - clock.MonotonicNow()));
    if (ready < 0) continue;
    if (ready == 0 && has_ended) break;
    if (ready == 0 || fds[2].revents != 0) {
      command.Kill(kKillPatience);
      return ready == 0
                 ? absl::DeadlineExceededError(
                       "the deadline has passed: the command was killed")
                 : absl::CancelledError("cancelled: the command was killed");
    }
    if (fds[1].revents != 0 && !ReadChunk(output, chunk.get(), &tail)) {
      output.Reset();
    }
    if (fds[0].revents != 0) {
      result.exit = command.TakeExit();
      has_ended = true;
      deadline = clock.MonotonicNow() + kOutputGrace;
    } else if (has_ended && clock.MonotonicNow() > deadline) {
      // Written without a pause.
      break;
    }
  }
  result.output_truncated = tail.is_truncated();
  result.output = std::move(tail).Take();
  return result;
}

}  // namespace reeve
