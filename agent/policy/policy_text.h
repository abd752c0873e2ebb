#ifndef REEVE_AGENT_POLICY_POLICY_TEXT_H_
#define REEVE_AGENT_POLICY_POLICY_TEXT_H_

#include <string>

#include "agent/policy/policy_decision.h"
#include "agent/policy/policy_rule.h"

namespace reeve {

// What a rule means, in one line without a break: "web: if a task is throttled
// …".
std::string RuleText(const PolicyRule& rule);

// A limit as the action has it: "0.3" cores, or "64M".
std::string LimitText(PolicyAction action, double value);

// What a decision does, or would do: "cpus 0.2 -> 0.3", "stop".
std::string DecisionText(const PolicyDecision& decision);

}  // namespace reeve

#endif  // REEVE_AGENT_POLICY_POLICY_TEXT_H_
