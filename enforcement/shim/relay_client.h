#ifndef REEVE_ENFORCEMENT_SHIM_RELAY_CLIENT_H_
#define REEVE_ENFORCEMENT_SHIM_RELAY_CLIENT_H_

#include <stddef.h>
#include <stdint.h>

#include "enforcement/shim/attach_socket.h"
#include "enforcement/shim/plan_format.h"
#include "enforcement/shim/poll_set.h"

namespace reeve {

constexpr int kOutputs = 2;

// How long a client may take nothing of what there is for it.
constexpr int kClientPatienceMs = 10'000;

// Somebody's pipes or sockets, attached to the streams of a task. Who vanishes,
// or takes nothing for too long, is dropped, and its slot is free.
// Thread-compatible.
class RelayClient {
 public:
  // Until its input has ended and nothing more can be given to it.
  bool is_attached() const { return has_input() || has_output(); }
  bool has_input() const { return input_fd_ != kNoFd; }
  // Whether the end of its input is the end of the task's.
  bool closes_input() const { return closes_input_; }

  // Takes the descriptors, and makes them non-blocking. Without `input` or one
  // of `outputs` (as bits), that stream is closed at once.
  void Attach(const AttachedStreams& streams, bool input, unsigned outputs);

  void Register(PollSet& set, bool wants_input);
  // Drops what poll(2) told to be gone.
  void NoteEvents(const PollSet& set);

  // read(2) of its input.
  long ReadInput(char* bytes, size_t size) const;
  void CloseInput();

  // A new chunk of an output has come, of which it has nothing.
  void BeginChunk(int output);
  // Gives it more of the chunk. Returns whether it wants nothing more of it.
  bool Push(int output, const char* bytes, size_t size, int64_t now_ms);

  // Ends it if it has taken nothing for too long; returns whether it did.
  bool DropIfStalled(int64_t now_ms);

 private:
  struct Output {
    int fd = kNoFd;
    // Of the present chunk.
    size_t done = 0;
    bool is_pending = false;
    // Since when it takes nothing, while is_pending.
    int64_t since_ms = 0;
    int poll_key = PollSet::kNone;
  };

  bool has_output() const {
    return outputs_[0].fd != kNoFd || outputs_[1].fd != kNoFd;
  }
  static void CloseOutput(Output& output);

  bool closes_input_ = false;
  int input_fd_ = kNoFd;
  Output outputs_[kOutputs];
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_RELAY_CLIENT_H_
