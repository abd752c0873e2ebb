#ifndef REEVE_EXPORTERS_PROMETHEUS_POLICY_RULE_LABELS_H_
#define REEVE_EXPORTERS_PROMETHEUS_POLICY_RULE_LABELS_H_

#include <string>

namespace reeve {

// One rule of a policy, as its labels tell it.
struct PolicyRuleLabels {
  std::string rule;
  std::string action;
  bool dry_run = true;
};

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_POLICY_RULE_LABELS_H_
