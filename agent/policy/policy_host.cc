#include "agent/policy/policy_host.h"

#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

absl::Status Needs(const PolicyRule& rule, absl::string_view what) {
  return absl::FailedPreconditionError(
      absl::StrCat("line ", rule.line, ": rule ", rule.name, " ", what));
}

}  // namespace

absl::Status CheckPolicyOnHost(const Policy& policy, const PolicyHost& host) {
  for (const PolicyRule& rule : policy.rules) {
    if (rule.action == PolicyAction::kRaiseMemoryHigh &&
        !host.has_memory_high) {
      return Needs(rule,
                   "raises memory.high, which is of cgroup v2, and this host "
                   "has memory on v1: leave the rule out");
    }
    if (rule.pressure.has_value() && !host.has_pressure) {
      return Needs(rule,
                   "goes by pressure, which is not measured: use "
                   "--collector.pressure, or leave it out");
    }
  }
  return absl::OkStatus();
}

}  // namespace reeve
