#ifndef REEVE_AGENT_SPEC_LAUNCH_ORDER_H_
#define REEVE_AGENT_SPEC_LAUNCH_ORDER_H_

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "agent/api/task_service.pb.h"

namespace reeve {

struct LaunchOrder {
  // Indexes of the specs, each behind those that it names in `after`; else as
  // they were given.
  std::vector<size_t> order;
  // The specs that are not in it, with the reason: one that names a task that
  // there is not, or is part of a cycle. Those that come after such a one do
  // not wait for it.
  std::map<size_t, absl::Status> errors;
};

// `specs` have ids of their own, each another. `known` are ids that may be
// named as well.
LaunchOrder OrderLaunches(const std::vector<const v1::TaskSpec*>& specs,
                          const std::set<std::string>& known);

}  // namespace reeve

#endif  // REEVE_AGENT_SPEC_LAUNCH_ORDER_H_
