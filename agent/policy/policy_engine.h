#ifndef REEVE_AGENT_POLICY_POLICY_ENGINE_H_
#define REEVE_AGENT_POLICY_POLICY_ENGINE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "agent/policy/action_rate.h"
#include "agent/policy/policy_decision.h"
#include "agent/policy/policy_rule.h"
#include "agent/policy/policy_view.h"
#include "agent/policy/rule_watch.h"

namespace reeve {

// Decides by what was measured what is to be done, and does nothing itself. A
// rule acts on a task or group once its condition has held for as long as it
// wants, leaves it alone for its cooldown then, and acts no more than so often
// a minute. What it cannot do it says once, until the condition has passed. All
// rules together stop one task of a group at a time.
// Thread-compatible.
class PolicyEngine {
 public:
  // `detail_interval` is the time between two readings of how often memory was
  // short.
  PolicyEngine(Policy policy, absl::Duration detail_interval);
  PolicyEngine(const PolicyEngine&) = delete;
  PolicyEngine& operator=(const PolicyEngine&) = delete;

  // Goes by another policy from now on. Rules that say the same in both go on
  // with what they have seen and done.
  void Follow(Policy policy);

  // In the order of the rules. Time must not go back between calls.
  std::vector<PolicyDecision> Decide(PolicyView view);

 private:
  struct Subject {
    std::unique_ptr<RuleWatch> watch;
    // Of the cgroup: another is another task of the same id.
    uint64_t inode = 0;
    // The last call of Decide() that it was in.
    uint64_t seen_in = 0;
    std::optional<absl::Duration> acted_at;
    bool was_refused = false;
  };

  struct Rule {
    // Where its watches find it, whatever becomes of the policy.
    std::unique_ptr<const PolicyRule> said;
    ActionRate rate;
    std::map<std::string, Subject> subjects;
  };

  std::unique_ptr<RuleWatch> MakeWatch(const PolicyRule& rule) const;
  Subject& Recall(Rule& rule, const std::string& name,
                  const TaskSnapshot* sample) const;
  void LookAtTasks(Rule& rule, const PolicyView& view,
                   std::vector<PolicyDecision>* decisions);
  // Marks a task in `view` that is to be stopped.
  void LookAtGroups(Rule& rule, PolicyView* view,
                    std::vector<PolicyDecision>* decisions);
  void Forget(Rule& rule) const;
  static void Consider(Rule& rule, const std::string& group,
                       const PolicySubject& about, Subject& subject,
                       absl::Duration now,
                       std::vector<PolicyDecision>* decisions);

  const absl::Duration window_;
  std::vector<Rule> rules_;
  uint64_t calls_ = 0;
};

}  // namespace reeve

#endif  // REEVE_AGENT_POLICY_POLICY_ENGINE_H_
