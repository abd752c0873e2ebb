#ifndef REEVE_AGENT_POLICY_POLICY_VIEW_H_
#define REEVE_AGENT_POLICY_POLICY_VIEW_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "collectors/snapshot.h"
#include "collectors/task_target.h"
#include "enforcement/spec/policy_bounds.h"

namespace reeve {

// What policies go by of one task, at one instant.
struct PolicyTask {
  std::string id;
  // Empty if it has none.
  std::string group;
  // It runs, and is not paused.
  bool runs = false;
  // Somebody has asked it to end.
  bool is_ending = false;
  absl::Time started_at;
  PolicyBounds bounds;
  // The CPU limit of its spec, in cores.
  std::optional<double> launch_cores;
  // In force.
  LimitValues limits;
  // Null before there is one.
  std::shared_ptr<const TaskSnapshot> sample;
};

// The same of a group.
struct PolicyGroup {
  std::string name;
  LimitValues limits;
  std::shared_ptr<const TaskSnapshot> sample;
};

struct PolicyView {
  // On the monotonic clock.
  absl::Duration now;
  // Those that have not exited.
  std::vector<PolicyTask> tasks;
  std::vector<PolicyGroup> groups;
};

}  // namespace reeve

#endif  // REEVE_AGENT_POLICY_POLICY_VIEW_H_
