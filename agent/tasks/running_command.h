#ifndef REEVE_AGENT_TASKS_RUNNING_COMMAND_H_
#define REEVE_AGENT_TASKS_RUNNING_COMMAND_H_

#include <functional>
#include <utility>

#include "absl/time/time.h"
#include "agent/tasks/hangup_watcher.h"
#include "enforcement/exit_status.h"
#include "enforcement/launch/launch_request.h"

namespace reeve {

// A further command in a task, in the hands of who asked for it: dropped before
// its end, it is killed with all its descendants. What it leaves behind when it
// ends by itself is the task's. Thread-compatible.
class RunningCommand {
 public:
  // `watcher` must outlive the command.
  RunningCommand(LaunchedCommand command, HangupWatcher& watcher);
  ~RunningCommand();
  RunningCommand(const RunningCommand&) = delete;
  RunningCommand& operator=(const RunningCommand&) = delete;

  // To be called once when the command's end is taken, or when nobody is left
  // to take it.
  void OnEnd(std::function<void(const ExitStatus&)> on_end) {
    on_end_ = std::move(on_end);
  }

  const ProcessIdentity& process() const { return command_.process; }

  // Can be read when the command has ended.
  int status_fd() const { return command_.status.get(); }

  // How it ended, once; waits for that.
  ExitStatus TakeExit();

  // Kills the command with all its descendants and waits until they are gone,
  // or for `timeout`.
  void Kill(absl::Duration timeout);

 private:
  void TellEnd(const ExitStatus& exit);

  LaunchedCommand command_;
  HangupWatcher& watcher_;
  std::function<void(const ExitStatus&)> on_end_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_RUNNING_COMMAND_H_
