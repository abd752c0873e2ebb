#include "agent/policy/policy_rule.h"

#include <tuple>

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

bool PolicyRule::SaysTheSame(const PolicyRule& other) const {
  const auto all = [](const PolicyRule& rule) {
    return std::tie(
        rule.name, rule.action, rule.tasks, rule.groups, rule.needs_group,
        rule.hold, rule.cooldown, rule.max_per_minute, rule.dry_run,
        rule.throttled, rule.min_periods, rule.usage_below, rule.pressure,
        rule.memory, rule.step, rule.cap, rule.floor, rule.grace, rule.keep);
  };
  return all(*this) == all(other);
}

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
