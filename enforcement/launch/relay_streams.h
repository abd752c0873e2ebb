#ifndef REEVE_ENFORCEMENT_LAUNCH_RELAY_STREAMS_H_
#define REEVE_ENFORCEMENT_LAUNCH_RELAY_STREAMS_H_

#include <cstdint>
#include <string>

#include "base/unique_fd.h"

namespace reeve {

// A file that the shim appends output to, and its rotation.
struct LogTarget {
  UniqueFd file;
  UniqueFd dir;
  std::string name;
  // 0 is no limit.
  uint64_t max_size = 0;
  uint32_t max_files = 1;
};

// The shim's ends of the standard streams that pass through it. What is not set
// does not.
struct RelayStreams {
  UniqueFd input;
  // Standard output and error; the first is all of a terminal.
  UniqueFd outputs[2];
  // The task's end of its terminal.
  UniqueFd terminal;
  // Where clients are attached.
  UniqueFd attach;
  // Streams of who is attached from the beginning.
  UniqueFd client[3];
  // Whether the end of that client's input is the end of the task's.
  bool client_closes_input = false;
  // Both outputs go to the first log.
  bool has_one_log = false;
  LogTarget logs[2];

  bool is_used() const { return input || outputs[0] || outputs[1]; }
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_RELAY_STREAMS_H_
