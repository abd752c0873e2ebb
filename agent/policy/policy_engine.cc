#include "agent/policy/policy_engine.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
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

// As if somebody had asked it to.
void MarkEnding(const std::string& id, PolicyView* view) {
  for (PolicyTask& task : view->tasks) {
    if (task.id == id) task.is_ending = true;
  }
}

}  // namespace

PolicyEngine::PolicyEngine(Policy policy, absl::Duration detail_interval)
    :  // A window that held no reading would say that nothing happened.
      window_(std::max(2 * detail_interval, kShortestWindow)) {
  Follow(std::move(policy));
}

void PolicyEngine::Follow(Policy policy) {
  std::vector<Rule> before = std::move(rules_);
  rules_.clear();
  for (PolicyRule& said : policy.rules) {
    const auto same =
        std::find_if(before.begin(), before.end(), [&said](const Rule& rule) {
          return rule.said != nullptr && rule.said->SaysTheSame(said);
        });
    if (same != before.end()) {
      rules_.push_back(std::move(*same));
    } else {
      rules_.emplace_back().said =
          std::make_unique<const PolicyRule>(std::move(said));
    }
  }
}

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

std::vector<PolicyDecision> PolicyEngine::Decide(PolicyView view) {
  std::vector<PolicyDecision> decisions;
  ++calls_;
  for (Rule& rule : rules_) {
    if (rule.said->action == PolicyAction::kStopLowestPriority) {
      LookAtGroups(rule, &view, &decisions);
    } else {
      LookAtTasks(rule, view, &decisions);
    }
    Forget(rule);
  }
  return decisions;
}

void PolicyEngine::LookAtTasks(Rule& rule, const PolicyView& view,
                               std::vector<PolicyDecision>* decisions) {
  for (const PolicyTask& task : view.tasks) {
    if (!rule.said->Wants(task.id, task.group)) continue;
    PolicySubject subject;
    subject.task = &task;
    Consider(rule, task.group, subject,
             Recall(rule, task.id, task.sample.get()), view.now, decisions);
  }
}

void PolicyEngine::LookAtGroups(Rule& rule, PolicyView* view,
                                std::vector<PolicyDecision>* decisions) {
  for (const PolicyGroup& group : view->groups) {
    if (!rule.said->groups.Wants(group.name)) continue;
    const size_t before = decisions->size();
    Consider(rule, group.name, GroupSubject(group, *view),
             Recall(rule, group.name, group.sample.get()), view->now,
             decisions);
    if (decisions->size() == before) continue;
    const PolicyDecision& decision = decisions->back();
    // What it gives back is to be seen before another rule stops one, too.
    if (decision.is_refused() || decision.dry_run) continue;
    MarkEnding(decision.verdict.task, view);
  }
}

// What the view has no more.
void PolicyEngine::Forget(Rule& rule) const {
  for (auto each = rule.subjects.begin(); each != rule.subjects.end();) {
    each = each->second.seen_in == calls_ ? std::next(each)
                                          : rule.subjects.erase(each);
  }
}

PolicyEngine::Subject& PolicyEngine::Recall(Rule& rule, const std::string& name,
                                            const TaskSnapshot* sample) const {
  Subject& subject = rule.subjects[name];
  const uint64_t inode = sample == nullptr ? 0 : sample->cgroup.inode;
  if (subject.watch == nullptr || subject.inode != inode) {
    subject = Subject();
    subject.watch = MakeWatch(*rule.said);
    subject.inode = inode;
  }
  subject.seen_in = calls_;
  return subject;
}

void PolicyEngine::Consider(Rule& rule, const std::string& group,
                            const PolicySubject& about, Subject& subject,
                            absl::Duration now,
                            std::vector<PolicyDecision>* decisions) {
  const PolicyRule& said = *rule.said;
  std::optional<PolicyVerdict> verdict = subject.watch->Look(about);
  if (!verdict.has_value()) {
    subject.was_refused = false;
    return;
  }
  if (subject.acted_at.has_value() && now - *subject.acted_at < said.cooldown) {
    return;
  }
  ActionRate& rate = rule.rate;
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
