#ifndef REEVE_AGENT_CLI_STREAM_COPIER_H_
#define REEVE_AGENT_CLI_STREAM_COPIER_H_

#include <functional>
#include <string>

#include "agent/cli/detach_keys.h"
#include "base/unique_fd.h"

namespace reeve {

// This process' ends of the pipes to a task's streams.
struct TaskPipes {
  UniqueFd in;
  UniqueFd out;
  UniqueFd err;
};

// Copies between the streams of this process and pipes to a task, in one
// poll(2) loop, until the task's outputs have ended. Thread-compatible.
class StreamCopier {
 public:
  struct Options {
    // Borrowed; in is -1 if nothing is read.
    int in = -1;
    int out = -1;
    int err = -1;
    // Borrowed. Readable when `on_wake` is to be called; -1 if never.
    int wake = -1;
    // Returns whether to end.
    std::function<bool()> on_wake;
    // Called when nobody takes an output any more; what the task still writes
    // there is lost.
    std::function<void()> on_output_lost = [] {};
    bool has_detach_keys = false;
    // Sent to the task at the end of the input; for a terminal, which does not
    // notice the end of a pipe.
    std::string end_of_input;
  };

  enum class Outcome { kOutputEnded, kDetached, kWoken };

  StreamCopier(Options options, TaskPipes pipes);

  // Once. The pipes are closed when it returns.
  Outcome Run();

 private:
  void CopyOutput(UniqueFd& from, int to);
  void ReadInput();
  void WriteInput();

  const Options options_;
  TaskPipes pipes_;
  DetachKeys keys_;
  std::string pending_;
  bool input_ended_;
  bool detached_ = false;
};

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_STREAM_COPIER_H_
