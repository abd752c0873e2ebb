#include "agent/policy/policy_runner.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/events/task_event.h"
#include "agent/policy/policy_rule.h"
#include "agent/policy/policy_text.h"
#include "glog/logging.h"

namespace reeve {
namespace {

std::string Subject(const PolicyDecision& decision) {
  if (decision.verdict.task.empty()) {
    return absl::StrCat("group ", decision.group);
  }
  return absl::StrCat("task ", decision.verdict.task);
}

EventAttributes AttributesOf(const PolicyDecision& decision,
                             absl::string_view result,
                             const std::string& reason) {
  const PolicyVerdict& verdict = decision.verdict;
  EventAttributes attributes = {
      {"rule", decision.rule},
      {"action", std::string(PolicyActionName(decision.action))},
      {"result", std::string(result)},
      {"seen", verdict.seen},
  };
  if (verdict.from.has_value()) {
    attributes.emplace_back("from", LimitText(decision.action, *verdict.from));
  }
  if (verdict.to.has_value()) {
    attributes.emplace_back("to", LimitText(decision.action, *verdict.to));
  }
  if (!reason.empty()) attributes.emplace_back("reason", reason);
  return attributes;
}

}  // namespace

PolicyRunner::PolicyRunner(const Parts& parts,
                           std::unique_ptr<PolicySource> source,
                           absl::Duration detail_interval)
    : parts_(parts),
      source_(std::move(source)),
      detail_interval_(detail_interval) {
  Adopt(source_->policy());
}

PolicyRunner::~PolicyRunner() { Stop(); }

void PolicyRunner::Start() {
  // If a round is under way and another waits, that one has the latest.
  listener_ = parts_.store->AddListener(
      [this](uint64_t /*generation*/) { worker_.Submit([this] { Round(); }); });
}

void PolicyRunner::Stop() {
  if (listener_ != 0) parts_.store->RemoveListener(listener_);
  listener_ = 0;
  worker_.Stop();
  absl::MutexLock lock(&mutex_);
  const auto none = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_.empty();
  };
  mutex_.Await(absl::Condition(&none));
}

void PolicyRunner::Adopt(const Policy& policy) {
  if (engine_ == nullptr) {
    engine_ = std::make_unique<PolicyEngine>(policy, detail_interval_);
  } else {
    engine_->Follow(policy);
  }
  std::vector<PolicyRuleLabels> labels;
  labels.reserve(policy.rules.size());
  for (const PolicyRule& rule : policy.rules) {
    labels.push_back(
        {rule.name, std::string(PolicyActionName(rule.action)), rule.dry_run});
    LOG(INFO) << "policy " << RuleText(rule);
  }
  parts_.metrics->SetPolicyRules(std::move(labels));
  parts_.metrics->OnPolicyRead(true, parts_.clock->WallNow());
}

void PolicyRunner::Round() {
  const std::optional<absl::Status> read = source_->ReadIfChanged();
  if (read.has_value() && read->ok()) {
    LOG(INFO) << "policy " << source_->path() << " was read again";
    Adopt(source_->policy());
  } else if (read.has_value()) {
    LOG(ERROR) << read->message() << "; what was before stays in force";
    parts_.metrics->OnPolicyRead(false, parts_.clock->WallNow());
  }
  const std::shared_ptr<const Snapshot> snapshot = parts_.store->Latest();
  if (snapshot == nullptr) return;
  PolicyView view = parts_.tasks->Look(*snapshot, parts_.clock->MonotonicNow());
  MarkStopping(&view);
  for (const PolicyDecision& decision : engine_->Decide(std::move(view))) {
    Carry(decision);
  }
}

// The task itself may not know of it yet.
void PolicyRunner::MarkStopping(PolicyView* view) {
  absl::MutexLock lock(&mutex_);
  for (PolicyTask& task : view->tasks) {
    if (stopping_.count(task.id) > 0) task.is_ending = true;
  }
}

void PolicyRunner::Carry(const PolicyDecision& decision) {
  if (decision.is_refused()) {
    Tell(decision, "refused", decision.verdict.refusal);
  } else if (decision.dry_run) {
    Tell(decision, "dry_run", "");
  } else if (decision.action == PolicyAction::kStopLowestPriority) {
    CarryStop(decision);
  } else {
    Report(decision, Set(decision));
  }
}

void PolicyRunner::CarryStop(const PolicyDecision& decision) {
  {
    absl::MutexLock lock(&mutex_);
    stopping_.insert(decision.verdict.task);
  }
  LOG(INFO) << "policy " << decision.rule << " stops " << Subject(decision)
            << ": " << decision.verdict.seen;
  const absl::Status started = stops_.Start([this, decision] {
    Report(decision, parts_.tasks->Stop(decision.verdict.task, decision.grace));
    // Nothing of the runner is touched after this.
    NoteStopped(decision.verdict.task);
  });
  if (started.ok()) return;
  Report(decision, started);
  NoteStopped(decision.verdict.task);
}

void PolicyRunner::NoteStopped(const std::string& task) {
  absl::MutexLock lock(&mutex_);
  const auto found = stopping_.find(task);
  if (found != stopping_.end()) stopping_.erase(found);
}

absl::Status PolicyRunner::Set(const PolicyDecision& decision) {
  const PolicyVerdict& verdict = decision.verdict;
  if (decision.action == PolicyAction::kRaiseMemoryHigh) {
    return parts_.tasks->SetMemoryHigh(verdict.task,
                                       static_cast<uint64_t>(*verdict.to));
  }
  return parts_.tasks->SetCores(verdict.task, *verdict.to);
}

void PolicyRunner::Report(const PolicyDecision& decision,
                          const absl::Status& status) {
  if (status.ok()) {
    Tell(decision, "applied", "");
  } else {
    Tell(decision, "failed", std::string(status.message()));
  }
}

void PolicyRunner::Tell(const PolicyDecision& decision,
                        absl::string_view result, const std::string& reason) {
  const std::string line =
      absl::StrCat("policy ", decision.rule, ": ", Subject(decision), ": ",
                   decision.verdict.seen, ": ", DecisionText(decision), ": ",
                   result == "dry_run" ? "dry run, nothing was done" : result,
                   reason.empty() ? "" : ": ", reason);
  if (reason.empty()) {
    LOG(INFO) << line;
  } else {
    LOG(WARNING) << line;
  }
  parts_.observer->OnEvent({EventType::kPolicyAction, decision.verdict.task,
                            decision.group,
                            AttributesOf(decision, result, reason)});
  // Last: who sees it counted finds the event.
  parts_.metrics->OnPolicyAction(decision.rule,
                                 PolicyActionName(decision.action), result);
}

}  // namespace reeve
