#ifndef REEVE_AGENT_CONTROL_PEER_RULES_H_
#define REEVE_AGENT_CONTROL_PEER_RULES_H_

#include <sys/types.h>

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace reeve {

// Who is at the other end of a unix socket, by the kernel's word (unix(7)).
struct Peer {
  uid_t uid = 0;
  gid_t gid = 0;
  // Supplementary groups.
  std::vector<gid_t> groups;
};

// Who may use the control socket, apart from root and the agent's own user.
struct PeerRules {
  // Whether --allow-users or --allow-groups was given. Otherwise the mode of
  // the socket decides, and `users` and `groups` are empty.
  bool are_given = false;
  std::set<uid_t> users;
  std::set<gid_t> groups;
};

// Looks names up; numbers are taken as they are. kInvalidArgument names the
// flag and a user or group that does not exist.
absl::StatusOr<PeerRules> ResolvePeerRules(
    const std::vector<std::string>& users,
    const std::vector<std::string>& groups);

// SO_PEERCRED and SO_PEERGROUPS of a connected socket.
absl::StatusOr<Peer> ReadPeer(int fd);

// OK if `peer` may use the socket of an agent that runs as `own_uid` and
// `own_gid`; kPermissionDenied, saying who may. Looks nothing up.
absl::Status CheckPeer(const Peer& peer, const PeerRules& rules, uid_t own_uid,
                       gid_t own_gid);

}  // namespace reeve

#endif  // REEVE_AGENT_CONTROL_PEER_RULES_H_
