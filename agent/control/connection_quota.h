#ifndef REEVE_AGENT_CONTROL_CONNECTION_QUOTA_H_
#define REEVE_AGENT_CONTROL_CONNECTION_QUOTA_H_

#include <sys/types.h>

#include <map>

#include "absl/status/status.h"

namespace reeve {

// How many connections each user has to the control socket, so that one user's
// programs, however many hang, keep nobody else out. Root and the agent's own
// user have no limit but the total, a part of which only they can use.
// Thread-compatible.
class ConnectionQuota {
 public:
  struct Limits {
    int total = 1024;
    // Of `total`, for root and the agent's own user.
    int reserved = 256;
    int per_user = 128;
  };

  ConnectionQuota(uid_t own_uid, Limits limits)
      : own_uid_(own_uid), limits_(limits) {}

  // Counts a connection of `uid`. kResourceExhausted, and nothing is counted,
  // if it would be one too many; the message says whose limit was met.
  absl::Status Take(uid_t uid);

  // Once for each connection that was counted.
  void Return(uid_t uid);

  int count() const { return count_; }

 private:
  const uid_t own_uid_;
  const Limits limits_;
  int count_ = 0;
  // Users without a connection are not in it.
  std::map<uid_t, int> count_by_user_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_CONTROL_CONNECTION_QUOTA_H_
