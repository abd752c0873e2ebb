#include "enforcement/process/process_limit_files.h"

#include <algorithm>
#include <limits>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "enforcement/process/process_limit_text.h"

namespace reeve {
namespace {

// Of different ones in one text.
constexpr size_t kMaxShownValues = 8;
constexpr int kMaxAncestors = 64;
// Passes that find nothing to change, though each misses somebody who has ended
// since the list was made, until there is taken to be nothing: what they would
// all have to miss is a line of processes that is never older than a list.
constexpr int kQuietPasses = 30;
constexpr absl::Duration kFirstPause = absl::Microseconds(100);
constexpr absl::Duration kLongestPause = absl::Milliseconds(5);

absl::Status NoProcess() {
  return absl::FailedPreconditionError(
      "the task has no process: it is starting or has ended");
}

uint64_t HardLimit(int resource, const std::string& text) {
  const std::optional<Rlimit> rlimit = RlimitFromText(resource, text);
  if (!rlimit.has_value()) return 0;
  return rlimit->hard.value.value_or(std::numeric_limits<uint64_t>::max());
}

// Those first whose hard limit is to be raised, if any is: it is what may be
// refused, and to put a lowered one back may be refused too.
void OrderByHardLimit(const std::string& file,
                      const std::map<pid_t, std::string>& texts,
                      std::vector<IdentifiedHolder>& holders) {
  const std::optional<int> resource = ResourceOfFile(file);
  if (!resource.has_value()) return;
  const auto hard_limit = [&](const IdentifiedHolder& identified) {
    return HardLimit(*resource, texts.at(identified.holder.tid));
  };
  std::stable_sort(holders.begin(), holders.end(),
                   [&](const IdentifiedHolder& a, const IdentifiedHolder& b) {
                     return hard_limit(a) < hard_limit(b);
                   });
}

}  // namespace

absl::StatusOr<std::string> ProcessLimitFiles::Read(
    const std::string& /*controller*/, const std::string& file) const {
  const absl::StatusOr<std::vector<LimitHolder>> holders =
      processes_.List(IsKeptByThreads(file));
  if (!holders.ok()) return holders.status();
  std::vector<std::string> values;
  for (const LimitHolder& holder : *holders) {
    absl::StatusOr<std::string> value = processes_.Read(holder, file);
    if (absl::IsNotFound(value.status())) continue;
    if (!value.ok()) return value.status();
    if (absl::c_linear_search(values, *value)) continue;
    values.push_back(*std::move(value));
  }
  if (values.empty()) return NoProcess();
  if (values.size() > kMaxShownValues) {
    values.resize(kMaxShownValues);
    values.push_back("...");
  }
  return absl::StrJoin(values, ", ");
}

absl::StatusOr<std::string> ProcessLimitFiles::Write(
    const std::string& controller, const std::string& file,
    const std::string& value) {
  Change& change = changes_[file];
  change = Change();
  change.value = value;
  Spreading spreading;
  spreading.file = file;
  spreading.suits = [&change](const LimitHolder& holder,
                              const std::string& now) {
    if (now != change.value) return false;
    if (change.before.empty()) change.had_it.insert(holder.pid);
    return true;
  };
  spreading.choose = [&change](const IdentifiedHolder& identified,
                               const std::string& now) {
    const LimitHolder& holder = identified.holder;
    change.before.try_emplace({holder.tid, identified.start_time_ticks}, now);
    change.before_by_pid.try_emplace(holder.pid, now);
    if (!change.first_before.has_value()) change.first_before = now;
    return change.value;
  };
  const absl::Status status = Spread(spreading);
  if (status.ok()) return Read(controller, file);

  const absl::Status undone = PutBack(file, change);
  if (undone.ok()) return status;
  return absl::Status(status.code(), absl::StrCat(status.message(), ", and ",
                                                  undone.message()));
}

absl::Status ProcessLimitFiles::Restore(const std::string& /*controller*/,
                                        const std::string& file,
                                        const std::string& /*value*/) {
  const auto change = changes_.find(file);
  if (change == changes_.end()) return absl::OkStatus();
  return PutBack(file, change->second);
}

absl::Status ProcessLimitFiles::PutBack(const std::string& file,
                                        const Change& change) {
  if (change.before.empty()) return absl::OkStatus();
  Spreading spreading;
  spreading.file = file;
  spreading.is_best_effort = true;
  spreading.suits = [&change](const LimitHolder& holder,
                              const std::string& now) {
    const auto known = change.before.lower_bound({holder.tid, 0});
    if (known != change.before.end() && known->first.first == holder.tid) {
      return now == known->second;
    }
    return now != change.value || change.had_it.count(holder.pid) != 0;
  };
  spreading.choose = [this, &change](
                         const IdentifiedHolder& identified,
                         const std::string& now) -> std::optional<std::string> {
    const auto known = change.before.find(
        {identified.holder.tid, identified.start_time_ticks});
    if (known != change.before.end()) return known->second;
    if (now != change.value) return std::nullopt;
    return Inherited(identified, change);
  };
  return Spread(spreading);
}

// What one that was forked since the change would have had without it: what
// its nearest ancestor had. nullopt if that is the value itself.
std::optional<std::string> ProcessLimitFiles::Inherited(
    const IdentifiedHolder& holder, const Change& change) const {
  pid_t pid = holder.holder.pid;
  pid_t parent = holder.parent;
  for (int i = 0; i < kMaxAncestors; ++i) {
    const auto before = change.before_by_pid.find(pid);
    if (before != change.before_by_pid.end()) return before->second;
    if (change.had_it.count(pid) != 0) return std::nullopt;
    const absl::StatusOr<std::vector<IdentifiedHolder>> found =
        processes_.Identify({{parent, parent}});
    if (!found.ok() || found->empty()) break;
    pid = parent;
    parent = found->front().parent;
  }
  // Its parent has ended. That leaves no doubt if all were changed.
  return change.had_it.empty() ? change.first_before : std::nullopt;
}

absl::StatusOr<bool> ProcessLimitFiles::HasSettled(ForkWatch& forks) const {
  const absl::StatusOr<std::vector<ThreadActivity>> activity =
      processes_.Activity();
  if (!activity.ok()) return activity.status();
  return forks.HasSettled(*activity);
}

// Done when a pass sees everybody and has nothing to change that began when no
// fork from before the last change was left: what such a fork brings still has
// the old value.
absl::Status ProcessLimitFiles::Spread(const Spreading& spreading) {
  const absl::Duration deadline = clock_.MonotonicNow() + kPatience;
  absl::Status failure;
  ForkWatch forks(clock_);
  bool has_changed = false;
  int quiet_passes = 0;
  absl::Duration pause = kFirstPause;
  while (true) {
    bool has_settled = true;
    if (has_changed) {
      const absl::StatusOr<bool> settled = HasSettled(forks);
      if (!settled.ok()) return settled.status();
      has_settled = *settled;
    }
    const absl::StatusOr<Pass> pass = MakePass(spreading);
    if (!pass.ok()) return pass.status();
    failure.Update(pass->status);
    if (!spreading.is_best_effort) {
      if (!failure.ok()) return failure;
      if (!pass->has_processes) return NoProcess();
    }
    quiet_passes = pass->has_changed ? 0 : quiet_passes + 1;
    if (has_settled && !pass->has_changed &&
        (pass->is_whole || quiet_passes >= kQuietPasses)) {
      return failure;
    }
    if (clock_.MonotonicNow() >= deadline) break;
    if (pass->has_changed) {
      has_changed = true;
      forks.Begin();
      pause = kFirstPause;
    } else {
      absl::SleepFor(pause);
      pause = std::min(2 * pause, kLongestPause);
    }
  }
  return absl::DeadlineExceededError(absl::StrCat(
      "processes of the task come, or change ", spreading.file,
      " themselves, faster than it can be set on all of them: not done after ",
      absl::FormatDuration(kPatience)));
}

absl::StatusOr<ProcessLimitFiles::Pass> ProcessLimitFiles::MakePass(
    const Spreading& spreading) {
  const absl::StatusOr<std::vector<LimitHolder>> holders =
      processes_.List(IsKeptByThreads(spreading.file));
  if (!holders.ok()) return holders.status();
  Pass pass;
  pass.has_processes = !holders->empty();
  std::vector<LimitHolder> unsuited;
  std::map<pid_t, std::string> texts;
  for (const LimitHolder& holder : *holders) {
    absl::StatusOr<std::string> now = processes_.Read(holder, spreading.file);
    if (absl::IsNotFound(now.status())) {
      // Whatever it forked is not among the listed.
      pass.is_whole = false;
      continue;
    }
    if (!now.ok()) return now.status();
    if (spreading.suits(holder, *now)) continue;
    unsuited.push_back(holder);
    texts[holder.tid] = *std::move(now);
  }
  if (unsuited.empty()) return pass;

  absl::StatusOr<std::vector<IdentifiedHolder>> identified =
      processes_.Identify(unsuited);
  if (!identified.ok()) return identified.status();
  if (identified->size() != unsuited.size()) pass.is_whole = false;
  OrderByHardLimit(spreading.file, texts, *identified);
  WriteAll(spreading, *identified, texts, pass);
  return pass;
}

void ProcessLimitFiles::WriteAll(const Spreading& spreading,
                                 const std::vector<IdentifiedHolder>& holders,
                                 const std::map<pid_t, std::string>& texts,
                                 Pass& pass) {
  for (const IdentifiedHolder& identified : holders) {
    const std::string& now = texts.at(identified.holder.tid);
    const std::optional<std::string> value = spreading.choose(identified, now);
    if (!value.has_value() || *value == now) continue;
    const absl::Status status =
        processes_.Write(identified, spreading.file, *value);
    if (status.ok()) {
      pass.has_changed = true;
    } else if (absl::IsNotFound(status)) {
      pass.is_whole = false;
    } else {
      pass.status.Update(status);
      if (!spreading.is_best_effort) return;
    }
  }
}

}  // namespace reeve
