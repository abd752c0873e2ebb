#ifndef REEVE_AGENT_HTTP_CONNECTION_LIMITS_H_
#define REEVE_AGENT_HTTP_CONNECTION_LIMITS_H_

#include <cstddef>

#include "absl/time/time.h"

namespace reeve {

// What a client may cost. The times are for the whole of a step, not for each
// byte of it: a client that drips is as bounded as one that is silent.
struct ConnectionLimits {
  // When one more comes, the one that has kept the server waiting longest is
  // closed for it.
  size_t connections = 128;
  // Request line and headers.
  size_t request_bytes = 8192;
  absl::Duration request_time = absl::Seconds(5);
  absl::Duration response_time = absl::Seconds(30);
  // For the check of its password, and for its answer to be made.
  absl::Duration waiting_time = absl::Seconds(30);
  // Between requests: longer than the usual scrape intervals.
  absl::Duration idle_time = absl::Minutes(2);
};

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_CONNECTION_LIMITS_H_
