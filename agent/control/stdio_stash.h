#ifndef REEVE_AGENT_CONTROL_STDIO_STASH_H_
#define REEVE_AGENT_CONTROL_STDIO_STASH_H_

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "agent/tasks/handed_streams.h"

namespace reeve {

// Standard streams that callers handed over, until the launch that they are
// for. Thread-safe.
class StdioStash {
 public:
  // Returns the token that gets the streams back: 128 random bits in hex.
  std::string Put(HandedStreams streams);

  // kNotFound if the token is unknown, was used, or its connection has closed.
  absl::StatusOr<HandedStreams> Take(const std::string& token);

  // Closes the streams, if they are still here.
  void Drop(const std::string& token);

 private:
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, HandedStreams> streams_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_AGENT_CONTROL_STDIO_STASH_H_
