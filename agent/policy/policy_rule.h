#ifndef REEVE_AGENT_POLICY_POLICY_RULE_H_
#define REEVE_AGENT_POLICY_POLICY_RULE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/name_filter.h"

namespace reeve {

// What a rule does once its condition has held for long enough.
enum class PolicyAction {
  // A task is throttled: raise its CPU limit.
  kRaiseCpus,
  // A task uses little of a CPU limit that was raised: lower it.
  kLowerCpus,
  // A task is held back for want of memory: raise its high mark.
  kRaiseMemoryHigh,
  // A group is about to run out of memory: stop one of its tasks.
  kStopLowestPriority,
};

absl::Span<const PolicyAction> AllPolicyActions();

// "raise_cpus": as in the file and in the label `action`.
absl::string_view PolicyActionName(PolicyAction action);

// How far one action goes: by a factor, or by so many cores or bytes.
struct PolicyStep {
  // More than 1.
  std::optional<double> factor;
  // Where there is no factor.
  double amount = 0;

  bool operator==(const PolicyStep& other) const {
    return factor == other.factor && amount == other.amount;
  }

  double Up(double value) const {
    return factor.has_value() ? value * *factor : value + amount;
  }
  // May be below 0.
  double Down(double value) const {
    return factor.has_value() ? value / *factor : value - amount;
  }
};

// One rule of a policy file. What belongs to other actions than its own has its
// default.
struct PolicyRule {
  // Names it in logs, events and metrics.
  std::string name;
  PolicyAction action = PolicyAction::kRaiseCpus;
  // Where it begins in the file.
  size_t line = 0;

  // Which tasks it is about; of kStopLowestPriority, which it may stop.
  NameFilter tasks;
  NameFilter groups;
  // It is about tasks that have a group.
  bool needs_group = false;

  // How long the condition has to hold.
  absl::Duration hold = absl::Seconds(30);
  // After an action, how long the same task or group is left alone.
  absl::Duration cooldown = absl::Seconds(30);
  // Actions of the rule on all tasks and groups.
  uint32_t max_per_minute = 10;
  // Says what it would do, and does nothing.
  bool dry_run = true;

  // kRaiseCpus: part of the periods, and how many of them are enough to judge.
  double throttled = 0.25;
  uint64_t min_periods = 5;
  // kLowerCpus: part of the limit.
  double usage_below = 0.5;
  // kRaiseMemoryHigh and kStopLowestPriority: part of the time in which some
  // process waited for memory. Absent: it does not count.
  std::optional<double> pressure;
  // kStopLowestPriority: part of the limit that cannot be reclaimed.
  double memory = 0.9;

  PolicyStep step = {1.5};
  // kRaiseCpus and kLowerCpus: cores, beside the bounds of each task.
  std::optional<double> cap;
  std::optional<double> floor;
  // kStopLowestPriority: until all of the task is killed, absent as its spec
  // says, and how many tasks of a group are left in any case.
  std::optional<absl::Duration> grace;
  uint32_t keep = 1;

  // `group` is empty for a task without one.
  bool Wants(absl::string_view task, absl::string_view group) const {
    return tasks.Wants(task) && groups.Wants(group) &&
           !(needs_group && group.empty());
  }

  // Whether both say the same, wherever in a file.
  bool SaysTheSame(const PolicyRule& other) const;
};

// What a policy file says.
struct Policy {
  // No two of one name.
  std::vector<PolicyRule> rules;
};

}  // namespace reeve

#endif  // REEVE_AGENT_POLICY_POLICY_RULE_H_
