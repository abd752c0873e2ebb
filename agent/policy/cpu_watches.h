#ifndef REEVE_AGENT_POLICY_CPU_WATCHES_H_
#define REEVE_AGENT_POLICY_CPU_WATCHES_H_

#include <cstdint>
#include <optional>

#include "absl/time/time.h"
#include "agent/policy/held_condition.h"
#include "agent/policy/policy_decision.h"
#include "agent/policy/policy_rule.h"
#include "agent/policy/rule_watch.h"
#include "agent/policy/throttle_window.h"

namespace reeve {

// Says when the CPU limit of a task is to be raised: it was throttled in more
// than a part of its periods, all the time. `rule` must outlive it.
class RaiseCpusWatch final : public RuleWatch {
 public:
  explicit RaiseCpusWatch(const PolicyRule& rule)
      : rule_(rule), window_(rule.min_periods, rule.hold) {}

  std::optional<PolicyVerdict> Look(const PolicySubject& subject) override;
  void Reset() override;

 private:
  PolicyVerdict Judge(const PolicyTask& task) const;

  const PolicyRule& rule_;
  ThrottleWindow window_;
  HeldCondition throttled_;
  double ratio_ = 0;
  // That the window is about.
  std::optional<double> cores_;
};

// Says when the CPU limit of a task is to be lowered: it used less than a part
// of it in every sample, and was never throttled. It never says so where the
// task would use more than that part of the lower limit: what is lowered is not
// raised again for it. `rule` must outlive it.
class LowerCpusWatch final : public RuleWatch {
 public:
  explicit LowerCpusWatch(const PolicyRule& rule) : rule_(rule) {}

  std::optional<PolicyVerdict> Look(const PolicySubject& subject) override;
  void Reset() override;

 private:
  void Observe(const TaskSnapshot& sample);
  std::optional<PolicyVerdict> Judge(const PolicyTask& task) const;

  const PolicyRule& rule_;
  HeldCondition idle_;
  std::optional<double> cores_;
  // Of the time in which it was idle.
  double most_used_ = 0;
  std::optional<absl::Duration> seen_at_;
  uint64_t throttled_periods_ = 0;
};

}  // namespace reeve

#endif  // REEVE_AGENT_POLICY_CPU_WATCHES_H_
