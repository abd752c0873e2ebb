#ifndef REEVE_ENFORCEMENT_SHIM_RELAY_OUTPUT_H_
#define REEVE_ENFORCEMENT_SHIM_RELAY_OUTPUT_H_

#include <stddef.h>
#include <stdint.h>

#include "enforcement/shim/poll_set.h"
#include "enforcement/shim/relay_client.h"
#include "enforcement/shim/rotating_log.h"

namespace reeve {

constexpr int kMaxClients = 4;

// One output of a task: the read end of its pipe, or the master of its
// terminal. Takes one chunk at a time, writes it to the log, and takes the next
// once every client has it: the slowest one holds the task up, until it is
// dropped. Thread-compatible.
class RelayOutput {
 public:
  static constexpr size_t kCapacity = size_t{32} * 1024;

  // `fd` is non-blocking and stays open until the output ends; kNoFd if the
  // task has another. `index` is that of the clients' output. `buffer` has
  // kCapacity bytes. `log` and `clients` must outlive it.
  RelayOutput(int fd, int index, char* buffer, RotatingLog* log,
              RelayClient* clients);

  bool is_open() const { return fd_ != kNoFd; }
  // Whether a client is still to take something of it.
  bool is_pending() const { return size_ > 0; }

  void Register(PollSet& set) const;
  // Returns whether there may be more at once.
  bool Serve(int64_t now_ms);

 private:
  bool ReadChunk();
  bool PushChunk(int64_t now_ms);

  int fd_;
  const int index_;
  char* const buffer_;
  RotatingLog* const log_;
  RelayClient* const clients_;
  size_t size_ = 0;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_RELAY_OUTPUT_H_
