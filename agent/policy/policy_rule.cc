#include "agent/policy/policy_rule.h"

namespace reeve {
namespace {

constexpr PolicyAction kAll[] = {
    PolicyAction::kRaiseCpus,
    PolicyAction::kLowerCpus,
    PolicyAction::kRaiseMemoryHigh,
    PolicyAction::kStopLowestPriority,
};

}  // namespace

absl::Span<const PolicyAction> AllPolicyActions() { return kAll; }

absl::string_view PolicyActionName(PolicyAction action) {
  switch (action) {
    case PolicyAction::kRaiseCpus:
      return "raise_cpus";
    case PolicyAction::kLowerCpus:
      return "lower_cpus";
    case PolicyAction::kRaiseMemoryHigh:
      return "raise_memory_high";
    case PolicyAction::kStopLowestPriority:
      return "stop_lowest_priority";
  }
  return "unknown";
}

}  // namespace reeve
