#include "agent/task_files/reconciler.h"

#include <algorithm>
#include <utility>

#include "agent/task_files/step_runner.h"

namespace reeve {
namespace {

using Action = ApplyStep::Action;

// Of what was tried and failed.
constexpr absl::Duration kFirstRetry = absl::Seconds(10);
constexpr absl::Duration kLastRetry = absl::Minutes(10);

ApplyRules RulesOf(std::string directory) {
  ApplyRules rules;
  rules.origin_prefix = Reconciler::kOriginPrefix;
  rules.directory = std::move(directory);
  return rules;
}

// Empty for a file without a spec: it is looked at each time.
std::string FingerprintOf(const absl::StatusOr<v1::TaskSpec>& spec) {
  return spec.ok() ? spec->SerializeAsString() : "";
}

absl::Duration RetryAfter(int failures) {
  const int doublings = std::min(failures - 1, 10);
  return std::min(kFirstRetry * (1 << doublings), kLastRetry);
}

// Whether trying it again costs more than a look.
bool WasTried(const std::string& failure) {
  return failure == "launch" || failure == "update" || failure == "stop";
}

}  // namespace

Reconciler::Reconciler(std::string directory, TaskHost& host,
                       TaskFilesObserver& observer, const Clock& clock)
    : rules_(RulesOf(std::move(directory))),
      host_(host),
      observer_(observer),
      clock_(clock) {}

absl::Status Reconciler::Reconcile(const std::vector<SpecFile>& files) {
  const absl::Duration now = clock_.MonotonicNow();
  is_complete_ = !Forget(files) && is_complete_;
  const ApplyHistory history = History(files, now);
  // Most rounds find nothing new, and ask nobody.
  if (is_complete_ && history.settled.size() == files.size()) {
    return absl::OkStatus();
  }
  is_complete_ = false;
  const absl::StatusOr<std::vector<KnownTask>> tasks = host_.List();
  if (!tasks.ok()) return tasks.status();
  std::vector<ApplyStep> steps = PlanSteps(
      files, *tasks,
      [this](const std::string& id) { return host_.CurrentSpec(id); }, rules_,
      history);
  RunSteps(rules_.origin_prefix, host_, &steps);
  failed_stops_.swap(stops_before_);
  failed_stops_.clear();
  for (const ApplyStep& step : steps) Note(step, now);
  is_complete_ = failed_stops_.empty();
  TellFiles();
  return absl::OkStatus();
}

bool Reconciler::IsSettled(const SpecFile& file, absl::Duration now) const {
  const auto found = states_.find(file.path);
  if (found == states_.end() || !file.spec.ok()) return false;
  const State& state = found->second;
  if (state.fingerprint != FingerprintOf(file.spec)) return false;
  if (state.failure.empty()) return true;
  return WasTried(state.failure) && now < state.retry_at;
}

ApplyHistory Reconciler::History(const std::vector<SpecFile>& files,
                                 absl::Duration now) const {
  ApplyHistory history;
  for (const SpecFile& file : files) {
    if (IsSettled(file, now)) history.settled.insert(file.path);
  }
  for (const auto& [path, state] : states_) {
    if (!state.id.empty()) history.last_ids[path] = state.id;
  }
  return history;
}

bool Reconciler::Forget(const std::vector<SpecFile>& files) {
  std::set<std::string> paths;
  for (const SpecFile& file : files) paths.insert(file.path);
  bool has_forgotten = false;
  for (auto it = states_.begin(); it != states_.end();) {
    if (paths.count(it->first) != 0) {
      ++it;
      continue;
    }
    it = states_.erase(it);
    has_forgotten = true;
  }
  return has_forgotten;
}

void Reconciler::Note(const ApplyStep& step, absl::Duration now) {
  // Whoever asked has given up, and the next agent goes on.
  if (absl::IsCancelled(step.status)) return;
  if (step.action != Action::kStop) return NoteFile(step, now);
  if (step.status.ok()) return observer_.OnApplied(step);
  const auto before = stops_before_.find(step.id);
  if (before == stops_before_.end() || before->second != step.status) {
    observer_.OnFailed(step);
  }
  failed_stops_[step.id] = step.status;
}

void Reconciler::NoteFile(const ApplyStep& step, absl::Duration now) {
  State& state = states_[step.file];
  const bool was_wrong = !state.failure.empty();
  const bool is_news =
      state.failure != step.failure || state.status != step.status;
  state.failure = step.failure;
  state.status = step.status;
  if (step.status.ok()) {
    state.fingerprint = step.spec.SerializeAsString();
    state.id = step.id;
    state.failures = 0;
    if (step.action != Action::kNone || was_wrong) observer_.OnApplied(step);
    return;
  }
  if (WasTried(step.failure)) {
    const std::string fingerprint = step.spec.SerializeAsString();
    state.failures = fingerprint == state.fingerprint ? state.failures + 1 : 1;
    state.fingerprint = fingerprint;
    state.id = step.id;
    state.retry_at = now + RetryAfter(state.failures);
  }
  if (is_news) observer_.OnFailed(step);
}

void Reconciler::TellFiles() const {
  std::vector<TaskFileState> files;
  files.reserve(states_.size());
  for (const auto& [path, state] : states_) {
    files.push_back({path, state.failure, state.id});
  }
  observer_.OnFiles(files);
}

}  // namespace reeve
