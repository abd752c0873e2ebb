#ifndef REEVE_AGENT_API_EXEC_INPUT_H_
#define REEVE_AGENT_API_EXEC_INPUT_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "agent/api/task_service.pb.h"
#include "base/unique_fd.h"

namespace reeve {

// What a client sends to a command: standard input, its end, and the size of
// the terminal. Never blocks. Thread-compatible.
class ExecInput {
 public:
  // `fd` does not block: the write end of a pipe, or the master of a terminal.
  void Open(UniqueFd fd, bool is_terminal);

  // Does what the request says. False if it is not done yet: call again with
  // the same once fd_to_await() can be written. kInvalidArgument for what makes
  // no sense.
  absl::StatusOr<bool> Take(const v1::ExecStreamRequest& request);

  // No more comes.
  void End();

  // -1 if nothing waits.
  int fd_to_await() const { return is_waiting_ ? fd_.get() : -1; }

 private:
  bool Write(absl::string_view bytes);
  bool Close();
  absl::Status Resize(const v1::TtySize& size) const;

  UniqueFd fd_;
  bool is_terminal_ = false;
  bool is_waiting_ = false;
  // Of the request that is being taken: what was written.
  size_t written_ = 0;
};

}  // namespace reeve

#endif  // REEVE_AGENT_API_EXEC_INPUT_H_
