#ifndef REEVE_ENFORCEMENT_CGROUP_AGENT_PLACE_H_
#define REEVE_ENFORCEMENT_CGROUP_AGENT_PLACE_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// Where an agent keeps the cgroups of its tasks, and where it keeps itself.
struct AgentPlace {
  // Parent of the tasks' cgroups: "/reeve".
  std::string parent;
  // Where the agent must move, for a v2 cgroup that gives controllers to its
  // children can have no processes of its own. Empty: it can stay.
  std::string leaf;
};

// The v2 cgroup in PROCFS/PID/cgroup, cgroups(7): the line "0::/user.slice". ""
// if there is none, or if it is not below the root that this process sees.
std::string UnifiedCgroupIn(absl::string_view process_cgroups);

// The cgroup that was left to a process in the v2 cgroup `own`; nullopt if none
// was. `own` may be a leaf of it already: that of an earlier agent, or
// systemd's DelegateSubgroup=. Marked by systemd (see HasDelegateMark()), or
// writable by a process that may not write everywhere.
std::optional<std::string> FindDelegation(const std::string& mount_point,
                                          const std::string& own);

// `requested` is the parent that the user named; empty for the default, which
// is OWN/reeve in a cgroup that was delegated, else /reeve. Only looks.
AgentPlace ChooseAgentPlace(const std::string& mount_point,
                            const std::string& own,
                            const std::string& requested);

// The same where no v2 hierarchy is mounted.
AgentPlace ChooseAgentPlaceOnV1(const std::string& requested);

// Makes the cgroup `leaf` if it is missing and moves this process there, all
// its threads with it.
absl::Status EnterLeaf(const std::string& mount_point, const std::string& leaf);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_AGENT_PLACE_H_
