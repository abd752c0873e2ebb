#ifndef REEVE_AGENT_POLICY_RULE_WATCH_H_
#define REEVE_AGENT_POLICY_RULE_WATCH_H_

#include <memory>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "agent/policy/policy_decision.h"
#include "agent/policy/policy_rule.h"
#include "agent/policy/policy_view.h"

namespace reeve {

// What a rule is asked about: a task, or a group with its tasks.
struct PolicySubject {
  const PolicyTask* task = nullptr;
  const PolicyGroup* group = nullptr;
  std::vector<const PolicyTask*> members;
};

// Watches one task or group for one rule. Thread-compatible.
class RuleWatch {
 public:
  virtual ~RuleWatch() = default;

  // Looks at the latest sample. A verdict as long as the condition of the rule
  // has held for as long as it wants.
  virtual std::optional<PolicyVerdict> Look(const PolicySubject& subject) = 0;

  // The condition has to hold for as long again.
  virtual void Reset() = 0;
};

}  // namespace reeve

#endif  // REEVE_AGENT_POLICY_RULE_WATCH_H_
