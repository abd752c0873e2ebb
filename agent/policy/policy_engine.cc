#include "agent/policy/policy_engine.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/policy/cpu_watches.h"
#include "agent/policy/memory_watches.h"

namespace reeve {
namespace {

// Whatever the agent's intervals are.
constexpr absl::Duration kShortestWindow = absl::Seconds(1);

PolicySubject GroupSubject(const PolicyGroup& group, const PolicyView& view) {
  PolicySubject subject;
  subject.group = &group;
  for (const PolicyTask& task : view.tasks) {
    if (task.group == group.name) subject.members.push_back(&task);
  }
  return subject;
}

}  // namespace

PolicyEngine::PolicyEngine(Policy policy, absl::Duration detail_interval)
    : policy_(std::move(policy)),
      // A window that held no reading would say that nothing happened.
      window_(std::max(2 * detail_interval, kShortestWindow)),
      rules_(policy_.rules.size()) {}

std::unique_ptr<RuleWatch> PolicyEngine::MakeWatch(
    const PolicyRule& rule) const {
  switch (rule.action) {
    case PolicyAction::kRaiseCpus:
      return std::make_unique<RaiseCpusWatch>(rule);
    case PolicyAction::kLowerCpus:
      return std::make_unique<LowerCpusWatch>(rule);
    case PolicyAction::kRaiseMemoryHigh:
      return std::make_unique<RaiseMemoryHighWatch>(rule, window_);
    case PolicyAction::kStopLowestPriority:
      break;
  }
  return std::make_unique<StopLowestWatch>(rule);
}

std::vector<PolicyDecision> PolicyEngine::Decide(const PolicyView& view) {
  std::vector<PolicyDecision> decisions;
  ++calls_;
  for (size_t i = 0; i < rules_.size(); ++i) {
    const PolicyRule& rule = policy_.rules[i];
    if (rule.action == PolicyAction::kStopLowestPriority) {
      for (const PolicyGroup& group : view.groups) {
        if (!rule.groups.Wants(group.name)) continue;
        Consider(i, group.name, GroupSubject(group, view),
                 Recall(i, group.name, group.sample.get()), view.now,
                 &decisions);
      }
    } else {
      for (const PolicyTask& task : view.tasks) {
        if (!rule.Wants(task.id, task.group)) continue;
        PolicySubject subject;
        subject.task = &task;
        Consider(i, task.group, subject, Recall(i, task.id, task.sample.get()),
                 view.now, &decisions);
      }
    }
    auto& subjects = rules_[i].subjects;
    for (auto each = subjects.begin(); each != subjects.end();) {
      each = each->second.seen_in == calls_ ? std::next(each)
                                            : subjects.erase(each);
    }
  }
  return decisions;
}

PolicyEngine::Subject& PolicyEngine::Recall(size_t rule,
                                            const std::string& name,
                                            const TaskSnapshot* sample) {
  Subject& subject = rules_[rule].subjects[name];
  const uint64_t inode = sample == nullptr ? 0 : sample->cgroup.inode;
  if (subject.watch == nullptr || subject.inode != inode) {
    subject = Subject();
    subject.watch = MakeWatch(policy_.rules[rule]);
    subject.inode = inode;
  }
  subject.seen_in = calls_;
  return subject;
}

void PolicyEngine::Consider(size_t rule, const std::string& group,
                            const PolicySubject& about, Subject& subject,
                            absl::Duration now,
                            std::vector<PolicyDecision>* decisions) {
  const PolicyRule& said = policy_.rules[rule];
  std::optional<PolicyVerdict> verdict = subject.watch->Look(about);
  if (!verdict.has_value()) {
    subject.was_refused = false;
    return;
  }
  if (subject.acted_at.has_value() && now - *subject.acted_at < said.cooldown) {
    return;
  }
  ActionRate& rate = rules_[rule].rate;
  if (verdict->refusal.empty() &&
      rate.InLastMinute(now) >= said.max_per_minute) {
    verdict->refusal = absl::StrCat("the rule has acted ", said.max_per_minute,
                                    " times within a minute");
  }
  if (verdict->refusal.empty()) {
    rate.Count(now);
    subject.acted_at = now;
    subject.was_refused = false;
    subject.watch->Reset();
  } else {
    if (subject.was_refused) return;
    subject.was_refused = true;
  }
  PolicyDecision decision;
  decision.rule = said.name;
  decision.action = said.action;
  decision.dry_run = said.dry_run;
  decision.group = group;
  decision.grace = said.grace;
  decision.verdict = *std::move(verdict);
  decisions->push_back(std::move(decision));
}

}  // namespace reeve
