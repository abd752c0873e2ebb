#ifndef REEVE_AGENT_POLICY_MEMORY_WATCHES_H_
#define REEVE_AGENT_POLICY_MEMORY_WATCHES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "agent/policy/growth_window.h"
#include "agent/policy/held_condition.h"
#include "agent/policy/policy_decision.h"
#include "agent/policy/policy_rule.h"
#include "agent/policy/pressure_window.h"
#include "agent/policy/rule_watch.h"

namespace reeve {

// Says when the high mark of a task's memory is to be raised: the task reached
// it in every window of time; or, if the rule has a pressure, waited for memory
// for more than that part of the time. `rule` must outlive it.
class RaiseMemoryHighWatch final : public RuleWatch {
 public:
  // `window` is longer than the time between two readings of the events.
  RaiseMemoryHighWatch(const PolicyRule& rule, absl::Duration window)
      : rule_(rule), events_(window) {}

  std::optional<PolicyVerdict> Look(const PolicySubject& subject) override;
  void Reset() override;

 private:
  void ObserveEvents(const TaskSnapshot& sample);
  void ObservePressure(const TaskSnapshot& sample);
  PolicyVerdict Judge(const PolicyTask& task) const;

  const PolicyRule& rule_;
  GrowthWindow events_;
  PressureWindow pressure_;
  HeldCondition short_;
  std::string what_;
  std::optional<uint64_t> high_;
};

// Says when a task of a group is to be stopped, and which: what the group
// cannot give back is close to its limit, or it waits for memory for more than
// a part of the time, all the while. It waits for a task that ends already, and
// judges anew then: what that gives back may be enough.
// `rule` must outlive it.
class StopLowestWatch final : public RuleWatch {
 public:
  explicit StopLowestWatch(const PolicyRule& rule) : rule_(rule) {}

  std::optional<PolicyVerdict> Look(const PolicySubject& subject) override;
  void Reset() override;

 private:
  // Of the limit; absent without one.
  static std::optional<double> FullPart(const PolicyGroup& group);
  PolicyVerdict Judge(const PolicySubject& subject) const;

  const PolicyRule& rule_;
  PressureWindow pressure_;
  double latest_pressure_ = 0;
  HeldCondition short_;
  std::string what_;
  std::optional<absl::Duration> seen_at_;
};

// Anonymous memory and the kernel's; what is in files can be reclaimed. Also
// where there is swap, which is slow. nullopt where it is not measured.
std::optional<uint64_t> UnreclaimableBytes(const TaskSnapshot& sample);

}  // namespace reeve

#endif  // REEVE_AGENT_POLICY_MEMORY_WATCHES_H_
