#include "agent/task_files/reconciler.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "agent/spec/spec_digest.h"
#include "agent/task_files/directory_identity.h"
#include "agent/task_files/step_runner.h"
#include "glog/logging.h"

namespace reeve {
namespace {

using Action = ApplyStep::Action;

// Of what was tried and failed.
constexpr absl::Duration kFirstRetry = absl::Seconds(10);
constexpr absl::Duration kLastRetry = absl::Minutes(10);

// An agent has one such directory. One that is gone was moved, or the agent was
// given another in its place.
ApplyRules RulesOf(const std::string& directory) {
  ApplyRules rules;
  rules.origin_prefix = Reconciler::kOriginPrefix;
  rules.owns_directory = [directory](const std::string& other) {
    return IsSameDirectory(other, directory) || IsGone(other);
  };
  return rules;
}

// Empty for a file without a spec: it is looked at each time.
std::string FingerprintOf(const absl::StatusOr<v1::TaskSpec>& spec) {
  return spec.ok() ? SpecDigest(*spec) : "";
}

absl::Duration RetryAfter(int failures) {
  const int doublings = std::min(failures - 1, 10);
  return std::min(kFirstRetry * (1 << doublings), kLastRetry);
}

// Whether trying it again costs more than a look.
bool WasTried(const std::string& failure) {
  return failure == "launch" || failure == "update" || failure == "stop";
}

bool IsUnderWay(const ApplyStep& step) {
  return step.status.ok() && step.action != Action::kNone;
}

bool Stops(const ApplyStep& step) {
  return step.action == Action::kStop || step.action == Action::kRestart;
}

}  // namespace

Reconciler::Reconciler(const std::string& directory, AppliedFilesStore store,
                       TaskHost& host, TaskFilesObserver& observer,
                       const Clock& clock)
    : rules_(RulesOf(directory)),
      store_(std::move(store)),
      host_(host),
      observer_(observer),
      clock_(clock) {
  Recall();
}

void Reconciler::Recall() {
  absl::StatusOr<AppliedFiles> read = store_.Read();
  if (!read.ok()) {
    if (absl::IsNotFound(read.status())) return;
    LOG(WARNING) << "task files are all looked at anew: "
                 << read.status().message();
    return;
  }
  for (const auto& [path, file] : read->by_path) {
    State& state = states_[path];
    state.fingerprint = file.digest;
    state.is_applied = !file.digest.empty();
    state.id = file.id;
  }
  stopping_ = read->stopping;
  kept_ = *std::move(read);
}

void Reconciler::Keep() {
  AppliedFiles applied;
  applied.stopping = stopping_;
  for (const auto& [id, path] : removed_) applied.by_path[path] = {id, ""};
  for (const auto& [path, state] : states_) {
    if (state.id.empty()) continue;
    applied.by_path[path] = {state.id,
                             state.is_applied ? state.fingerprint : ""};
  }
  if (applied == kept_) return;
  const absl::Status status = store_.Write(applied);
  if (status.ok()) kept_ = std::move(applied);
  if (status == keep_status_) return;
  keep_status_ = status;
  if (status.ok()) return;
  LOG(WARNING) << "an agent that is started again will not know what was done "
                  "about task files: "
               << status.message();
}

absl::Status Reconciler::Reconcile(const std::vector<SpecFile>& files) {
  const absl::Duration now = clock_.MonotonicNow();
  const bool has_renamed = FollowRenames(files);
  const bool has_forgotten = Forget(files);
  is_complete_ = is_complete_ && !has_renamed && !has_forgotten;
  // Most rounds find nothing new, and ask nobody.
  if (is_complete_ && History(files, now).settled.size() == files.size()) {
    return absl::OkStatus();
  }
  is_complete_ = false;
  const absl::StatusOr<std::vector<KnownTask>> tasks = host_.List();
  if (!tasks.ok()) return tasks.status();
  ForgetGone(*tasks);
  std::vector<ApplyStep> steps = PlanSteps(
      files, *tasks,
      [this](const std::string& id) { return host_.CurrentSpec(id); }, rules_,
      History(files, now));
  CheckRestarts(host_, &steps);
  Begin(steps);
  RunSteps(rules_.origin_prefix, host_, &steps);
  failed_stops_.swap(stops_before_);
  failed_stops_.clear();
  for (const ApplyStep& step : steps) Note(step, now);
  Keep();
  is_complete_ = failed_stops_.empty();
  TellFiles();
  return absl::OkStatus();
}

bool Reconciler::IsSettled(const SpecFile& file, absl::Duration now) const {
  const auto found = states_.find(file.path);
  if (found == states_.end() || !file.spec.ok()) return false;
  const State& state = found->second;
  if (state.fingerprint != FingerprintOf(file.spec)) return false;
  if (state.failure.empty()) return state.is_applied;
  return WasTried(state.failure) && now < state.retry_at;
}

ApplyHistory Reconciler::History(const std::vector<SpecFile>& files,
                                 absl::Duration now) const {
  ApplyHistory history;
  for (const SpecFile& file : files) {
    if (IsSettled(file, now)) history.settled.insert(file.path);
  }
  for (const auto& [path, state] : states_) {
    if (state.id.empty()) continue;
    history.last_ids[path] = state.id;
    history.last_paths[state.id] = path;
  }
  history.last_paths.insert(removed_.begin(), removed_.end());
  history.stopping = stopping_;
  return history;
}

bool Reconciler::FollowRenames(const std::vector<SpecFile>& files) {
  std::set<std::string> paths;
  for (const SpecFile& file : files) paths.insert(file.path);
  // Applied files that are not there, by the id of their task.
  std::map<std::string, std::string> gone;
  for (const auto& [path, state] : states_) {
    const bool is_gone = paths.count(path) == 0;
    if (is_gone && state.is_applied) gone[state.id] = path;
  }
  bool has_renamed = false;
  for (const SpecFile& file : files) {
    if (!file.spec.ok() || states_.count(file.path) != 0) continue;
    const auto before = gone.find(file.spec->id());
    if (before == gone.end()) continue;
    const auto state = states_.find(before->second);
    if (state->second.fingerprint != FingerprintOf(file.spec)) continue;
    states_[file.path] = std::move(state->second);
    states_.erase(before->second);
    gone.erase(before);
    has_renamed = true;
  }
  return has_renamed;
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
    if (!it->second.id.empty()) removed_[it->second.id] = it->first;
    it = states_.erase(it);
    has_forgotten = true;
  }
  return has_forgotten;
}

void Reconciler::ForgetGone(const std::vector<KnownTask>& tasks) {
  std::set<std::string> there;
  for (const KnownTask& task : tasks) there.insert(task.id);
  for (auto it = removed_.begin(); it != removed_.end();) {
    it = there.count(it->first) == 0 ? removed_.erase(it) : std::next(it);
  }
  for (auto it = stopping_.begin(); it != stopping_.end();) {
    it = there.count(*it) == 0 ? stopping_.erase(it) : std::next(it);
  }
}

void Reconciler::Begin(const std::vector<ApplyStep>& steps) {
  for (const ApplyStep& step : steps) {
    if (!IsUnderWay(step)) continue;
    if (Stops(step)) stopping_.insert(step.id);
    const auto state = states_.find(step.file);
    if (state != states_.end()) state->second.is_applied = false;
  }
  Keep();
}

void Reconciler::Note(const ApplyStep& step, absl::Duration now) {
  // Whoever asked has given up, and the next agent goes on.
  if (absl::IsCancelled(step.status)) return;
  if (step.action != Action::kStop) return NoteFile(step, now);
  if (step.status.ok()) {
    stopping_.erase(step.id);
    removed_.erase(step.id);
    return observer_.OnApplied(step);
  }
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
  state.is_applied = step.status.ok();
  if (step.status.ok()) {
    state.fingerprint = SpecDigest(step.spec);
    state.id = step.id;
    state.failures = 0;
    stopping_.erase(step.id);
    removed_.erase(step.id);
    if (step.action != Action::kNone || was_wrong) observer_.OnApplied(step);
    return;
  }
  if (WasTried(step.failure)) {
    const std::string fingerprint = SpecDigest(step.spec);
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
