#ifndef REEVE_ENFORCEMENT_SHIM_RELAY_H_
#define REEVE_ENFORCEMENT_SHIM_RELAY_H_

#include <stdint.h>

#include "enforcement/shim/attach_socket.h"
#include "enforcement/shim/control_parser.h"
#include "enforcement/shim/plan_format.h"
#include "enforcement/shim/poll_set.h"
#include "enforcement/shim/relay_client.h"
#include "enforcement/shim/relay_input.h"
#include "enforcement/shim/relay_output.h"
#include "enforcement/shim/rotating_log.h"

namespace reeve {

// Memory of a relay: costs nothing until it is used.
struct RelayBuffers {
  char outputs[kOutputs][RelayOutput::kCapacity];
  char input[RelayInput::kCapacity];
};

// Standard streams of one task that pass through the shim: to log files, and to
// and from the clients that are attached. Nothing of it waits; what one side
// does not take holds up the other. Input of all clients goes to the task, each
// chunk in one piece. Thread-compatible.
//
// All descriptors of `plan` are the relay's from now on, except the socket. The
// task's streams and the socket are non-blocking.
class Relay {
 public:
  // How long the last output may take to reach the clients.
  static constexpr int kFinishMs = 10'000;

  // `buffers` must outlive the relay. `state_dir_fd` is for shim.log.
  Relay(const PlanRelay& plan, int state_dir_fd, RelayBuffers* buffers);
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  void Register(PollSet& set);
  // After `set` was waited for.
  void Serve(const PollSet& set);
  // Reads the `control` fifo until it is empty.
  void ServeControl(int control_fd);

  // The task has ended: passes on what is left of its output.
  void Finish();

 private:
  void ServeAttach();
  void ServeInput();
  // Returns whether there may be more at once.
  bool ServeOutputs();
  bool IsPending() const;
  bool Admit(const AttachedStreams& streams);

  const bool is_terminal_;
  int terminal_fd_;
  ControlParser control_;
  RotatingLog first_log_;
  RotatingLog second_log_;
  RelayClient clients_[kMaxClients];
  // Whose turn it is to be read from.
  int next_reader_ = 0;
  RelayInput input_;
  RelayOutput outputs_[kOutputs];
  AttachSocket attach_;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_RELAY_H_
