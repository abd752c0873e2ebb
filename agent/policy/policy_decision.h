#ifndef REEVE_AGENT_POLICY_POLICY_DECISION_H_
#define REEVE_AGENT_POLICY_POLICY_DECISION_H_

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "agent/policy/policy_rule.h"

namespace reeve {

// What a rule says of a task or group whose condition has held for long enough.
struct PolicyVerdict {
  // For people: "60% of its periods throttled for 30s".
  std::string seen;
  // Why nothing can be done about it; empty if something can.
  std::string refusal;
  // The task to be acted on; empty if there is none.
  std::string task;
  // The limit, in cores or bytes, as it is and as it is to be.
  std::optional<double> from;
  std::optional<double> to;
};

// Something that is to be done, or at least told.
struct PolicyDecision {
  std::string rule;
  PolicyAction action = PolicyAction::kRaiseCpus;
  bool dry_run = true;
  // Empty if it has none.
  std::string group;
  PolicyVerdict verdict;
  // Of kStopLowestPriority; absent: the task's own.
  std::optional<absl::Duration> grace;

  bool is_refused() const { return !verdict.refusal.empty(); }
};

}  // namespace reeve

#endif  // REEVE_AGENT_POLICY_POLICY_DECISION_H_
