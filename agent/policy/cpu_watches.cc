#include "agent/policy/cpu_watches.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/quantity.h"

namespace reeve {
namespace {

// Cores are told and set to three places.
constexpr double kGrain = 0.001;
// A limit that would hardly change is left alone.
constexpr double kLeastChange = 0.95;
constexpr double kPercentOfCore = 100;

double RoundedUp(double cores) {
  // Less a trifle, so that what has three places stays as it is.
  return std::ceil(cores / kGrain - 1e-6) * kGrain;
}

double RoundedDown(double cores) {
  return std::floor(cores / kGrain + 1e-6) * kGrain;
}

// Whether there is something new to be seen of a task.
bool IsMeasured(const PolicyTask& task) {
  return task.runs && task.sample != nullptr && !task.sample->is_final &&
         task.limits.cpu_cores.has_value();
}

constexpr char kNoBound[] =
    "the task has no --cpus-max, so policies leave its CPU limit alone";

}  // namespace

std::optional<PolicyVerdict> RaiseCpusWatch::Look(
    const PolicySubject& subject) {
  const PolicyTask& task = *subject.task;
  if (!IsMeasured(task) || cores_ != task.limits.cpu_cores) Reset();
  if (!IsMeasured(task)) return std::nullopt;
  cores_ = task.limits.cpu_cores;
  const CgroupSample& cgroup = task.sample->cgroup;
  if (!cgroup.cpu_periods.has_value()) return std::nullopt;
  const std::optional<ThrottleWindow::Finding> finding = window_.Observe(
      {*cgroup.cpu_periods, cgroup.cpu_throttled_periods.value_or(0),
       cgroup.taken_at});
  if (finding.has_value()) {
    ratio_ = finding->ratio;
    throttled_.Observe(ratio_ >= rule_.throttled, finding->began,
                       cgroup.taken_at);
  }
  if (!throttled_.HasHeld(rule_.hold)) return std::nullopt;
  return Judge(task);
}

PolicyVerdict RaiseCpusWatch::Judge(const PolicyTask& task) const {
  PolicyVerdict verdict;
  verdict.task = task.id;
  verdict.seen =
      absl::StrFormat("%.0f%% of its periods throttled, for %s", ratio_ * 100,
                      ShortDuration(throttled_.held()));
  verdict.from = task.limits.cpu_cores;
  if (!task.bounds.cpus_max.has_value()) {
    verdict.refusal = kNoBound;
    return verdict;
  }
  const double cores = *task.limits.cpu_cores;
  const double bound =
      std::min(*task.bounds.cpus_max, rule_.cap.value_or(HUGE_VAL));
  if (cores > bound - kGrain) {
    verdict.refusal =
        absl::StrCat("it may have ", bound, " cores at most, by ",
                     bound < *task.bounds.cpus_max ? "the cap of the rule"
                                                   : "its --cpus-max");
    return verdict;
  }
  verdict.to = std::min(RoundedUp(rule_.step.Up(cores)), bound);
  return verdict;
}

void RaiseCpusWatch::Reset() {
  window_.Reset();
  throttled_.Reset();
}

std::optional<PolicyVerdict> LowerCpusWatch::Look(
    const PolicySubject& subject) {
  const PolicyTask& task = *subject.task;
  if (!IsMeasured(task) || cores_ != task.limits.cpu_cores) Reset();
  if (!IsMeasured(task)) return std::nullopt;
  cores_ = task.limits.cpu_cores;
  Observe(*task.sample);
  if (!idle_.HasHeld(rule_.hold)) return std::nullopt;
  return Judge(task);
}

void LowerCpusWatch::Observe(const TaskSnapshot& sample) {
  const absl::Duration now = sample.cgroup.taken_at;
  const uint64_t throttled = sample.cgroup.cpu_throttled_periods.value_or(0);
  const std::optional<absl::Duration> before = seen_at_;
  if (before.has_value() && now <= *before) return;
  const bool was_throttled = throttled != throttled_periods_;
  seen_at_ = now;
  throttled_periods_ = throttled;
  // The percentage is of the time since the sample before.
  if (!before.has_value() || !sample.cpu_percent.has_value()) return;
  const double used = *sample.cpu_percent / kPercentOfCore;
  const bool is_idle = !was_throttled && used < rule_.usage_below * *cores_;
  if (!is_idle || !idle_.HasHeld(absl::ZeroDuration())) most_used_ = 0;
  most_used_ = std::max(most_used_, used);
  idle_.Observe(is_idle, *before, now);
}

std::optional<PolicyVerdict> LowerCpusWatch::Judge(
    const PolicyTask& task) const {
  const double cores = *task.limits.cpu_cores;
  const std::optional<double> floor =
      rule_.floor.has_value() ? rule_.floor : task.launch_cores;
  // A task that began without a limit has no place to go back to.
  if (!floor.has_value() || cores < *floor + kGrain) return std::nullopt;
  PolicyVerdict verdict;
  verdict.task = task.id;
  verdict.seen =
      absl::StrFormat("used %.3g of %.3g cores at most, for %s", most_used_,
                      cores, ShortDuration(idle_.held()));
  verdict.from = cores;
  if (!task.bounds.cpus_max.has_value()) {
    verdict.refusal = kNoBound;
    return verdict;
  }
  const double needed = RoundedUp(most_used_ / rule_.usage_below);
  const double to =
      std::max({RoundedDown(rule_.step.Down(cores)), *floor, needed});
  if (to > cores * kLeastChange && to > *floor) return std::nullopt;
  verdict.to = to;
  return verdict;
}

void LowerCpusWatch::Reset() {
  idle_.Reset();
  most_used_ = 0;
  seen_at_.reset();
}

}  // namespace reeve
