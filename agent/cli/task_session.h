#ifndef REEVE_AGENT_CLI_TASK_SESSION_H_
#define REEVE_AGENT_CLI_TASK_SESSION_H_

#include <csignal>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/cli/agent_client.h"
#include "agent/cli/cli_environment.h"
#include "agent/cli/stream_copier.h"
#include "base/unique_fd.h"

namespace reeve {

// This command, connected to the streams of a task: pipes to its shim, the
// user's terminal in raw mode, its size, and the exit status.
// Thread-compatible.
//
// Construct it before any thread is started: it blocks SIGWINCH, and the
// signals that end this command, so that the terminal is put back before.
class TaskSession {
 public:
  explicit TaskSession(const CliEnvironment& env);
  ~TaskSession();
  TaskSession(const TaskSession&) = delete;
  TaskSession& operator=(const TaskSession&) = delete;

  // Takes three descriptors, which stay the session's; returns the token.
  using HandOver =
      std::function<absl::StatusOr<std::string>(int in, int out, int err)>;

  // Makes the pipes and gives the task's ends away.
  absl::StatusOr<std::string> Open(const HandOver& hand_over);

  struct Options {
    std::string id;
    // Where the next agent is, if the task's ends before it; no socket if it is
    // of this process.
    AgentAddress address;
    bool has_tty = false;
    bool has_input = false;
    // The task was started for this command.
    bool is_owner = false;
  };

  // Copies until the task has ended, the user detaches or a signal ends this
  // command; returns its exit code. The task must have the pipes.
  int Run(const Options& options, AgentClient* client);

 private:
  static void SendSignal(const Options& options, int signal,
                         AgentClient* client);
  void SendSize(const Options& options, AgentClient* client) const;
  // Returns whether the command is to end.
  bool TakeSignal(const Options& options, bool is_raw, AgentClient* client);

  const CliEnvironment& env_;
  sigset_t previous_mask_;
  UniqueFd signals_;
  int ending_signal_ = 0;
  TaskPipes pipes_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TASK_SESSION_H_
