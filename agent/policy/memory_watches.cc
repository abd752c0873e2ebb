#include "agent/policy/memory_watches.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/quantity.h"

namespace reeve {
namespace {

constexpr double kPageBytes = 4096;

std::string WaitedText(double ratio) {
  return absl::StrFormat("waited for memory in %.0f%% of the time",
                         ratio * 100);
}

uint64_t Less(uint64_t value, uint64_t by) {
  return value > by ? value - by : 0;
}

// Which of two tasks ends first: the one with the lower priority, or the
// younger.
bool EndsBefore(const PolicyTask* a, const PolicyTask* b) {
  return std::make_tuple(a->bounds.priority, b->started_at, a->id) <
         std::make_tuple(b->bounds.priority, a->started_at, b->id);
}

bool HasOneThatEnds(const PolicySubject& subject) {
  return absl::c_any_of(subject.members,
                        [](const PolicyTask* task) { return task->is_ending; });
}

}  // namespace

std::optional<uint64_t> UnreclaimableBytes(const TaskSnapshot& sample) {
  const CgroupSample& cgroup = sample.cgroup;
  if (!cgroup.memory_anon_bytes.has_value()) return std::nullopt;
  uint64_t bytes =
      *cgroup.memory_anon_bytes + cgroup.memory_kernel_bytes.value_or(0);
  // Known more closely where the kinds of memory are measured.
  if (sample.extra == nullptr) return bytes;
  const MemoryBreakdown& memory = sample.extra->memory;
  bytes = Less(bytes, memory.slab_reclaimable_bytes.value_or(0));
  return bytes + memory.shmem_bytes.value_or(0);
}

std::optional<PolicyVerdict> RaiseMemoryHighWatch::Look(
    const PolicySubject& subject) {
  const PolicyTask& task = *subject.task;
  const std::optional<uint64_t>& high = task.limits.memory_high_bytes;
  const bool is_measured = task.runs && task.sample != nullptr &&
                           !task.sample->is_final && high.has_value();
  if (!is_measured || high != high_) Reset();
  if (!is_measured) return std::nullopt;
  high_ = high;
  if (rule_.pressure.has_value()) {
    ObservePressure(*task.sample);
  } else {
    ObserveEvents(*task.sample);
  }
  if (!short_.HasHeld(rule_.hold)) return std::nullopt;
  return Judge(task);
}

void RaiseMemoryHighWatch::ObserveEvents(const TaskSnapshot& sample) {
  const std::optional<uint64_t>& reached = sample.cgroup.memory_high_events;
  if (!reached.has_value()) return;
  const absl::Duration now = sample.cgroup.taken_at;
  const std::optional<GrowthWindow::Finding> finding =
      events_.Observe(*reached, now);
  if (!finding.has_value()) return;
  what_ = absl::StrCat("memory.high reached ", finding->growth,
                       " times within ", ShortDuration(finding->duration));
  short_.Observe(finding->growth > 0, finding->began, now);
}

void RaiseMemoryHighWatch::ObservePressure(const TaskSnapshot& sample) {
  const std::optional<PressureWindow::Finding> finding =
      pressure_.Observe(sample);
  if (!finding.has_value()) return;
  what_ = WaitedText(finding->ratio);
  short_.Observe(finding->ratio >= *rule_.pressure, finding->began,
                 sample.cgroup.taken_at);
}

PolicyVerdict RaiseMemoryHighWatch::Judge(const PolicyTask& task) const {
  PolicyVerdict verdict;
  verdict.task = task.id;
  verdict.seen = absl::StrCat(what_, ", for ", ShortDuration(short_.held()));
  const auto high = static_cast<double>(*high_);
  verdict.from = high;
  if (!task.bounds.memory_max_bytes.has_value()) {
    verdict.refusal =
        "the task has no --memory-max, so policies leave its memory alone";
    return verdict;
  }
  uint64_t bound = *task.bounds.memory_max_bytes;
  const bool is_limit = task.limits.memory_bytes.value_or(bound) < bound;
  if (is_limit) bound = *task.limits.memory_bytes;
  if (high > static_cast<double>(bound) - kPageBytes) {
    verdict.refusal =
        absl::StrCat("it may have ", ShortSize(bound), " at most, by ",
                     is_limit ? "its memory limit" : "its --memory-max");
    return verdict;
  }
  const double wanted = std::ceil(rule_.step.Up(high) / kPageBytes);
  verdict.to = std::min(wanted * kPageBytes, static_cast<double>(bound));
  return verdict;
}

void RaiseMemoryHighWatch::Reset() {
  events_.Reset();
  pressure_.Reset();
  short_.Reset();
}

std::optional<double> StopLowestWatch::FullPart(const PolicyGroup& group) {
  const std::optional<uint64_t> bytes = UnreclaimableBytes(*group.sample);
  if (!bytes.has_value() || group.limits.memory_bytes.value_or(0) == 0) {
    return std::nullopt;
  }
  return static_cast<double>(*bytes) /
         static_cast<double>(*group.limits.memory_bytes);
}

std::optional<PolicyVerdict> StopLowestWatch::Look(
    const PolicySubject& subject) {
  const PolicyGroup& group = *subject.group;
  if (group.sample == nullptr || group.sample->is_final) {
    Reset();
    return std::nullopt;
  }
  const absl::Duration now = group.sample->cgroup.taken_at;
  const std::optional<PressureWindow::Finding> pressure =
      pressure_.Observe(*group.sample);
  if (pressure.has_value()) latest_pressure_ = pressure->ratio;
  const bool waits =
      rule_.pressure.has_value() && latest_pressure_ >= *rule_.pressure;
  const std::optional<double> full = FullPart(group);
  const bool is_full = full.has_value() && *full >= rule_.memory;
  if (is_full) {
    what_ = absl::StrFormat("%.0f%% of its %s cannot be reclaimed", *full * 100,
                            ShortSize(*group.limits.memory_bytes));
  } else if (waits) {
    what_ = WaitedText(latest_pressure_);
  }
  short_.Observe(is_full || waits, seen_at_.value_or(now), now);
  seen_at_ = now;
  if (HasOneThatEnds(subject)) short_.Reset();
  if (!short_.HasHeld(rule_.hold)) return std::nullopt;
  return Judge(subject);
}

PolicyVerdict StopLowestWatch::Judge(const PolicySubject& subject) const {
  std::vector<const PolicyTask*> candidates;
  size_t running = 0;
  for (const PolicyTask* const task : subject.members) {
    if (!task->runs) continue;
    ++running;
    if (rule_.tasks.Wants(task->id)) candidates.push_back(task);
  }
  PolicyVerdict verdict;
  verdict.seen = absl::StrCat("group ", subject.group->name, ": ", what_,
                              ", for ", ShortDuration(short_.held()));
  if (candidates.empty()) {
    verdict.refusal = "no running task of the group is the rule's";
    return verdict;
  }
  const PolicyTask* const lowest =
      *std::min_element(candidates.begin(), candidates.end(), &EndsBefore);
  verdict.task = lowest->id;
  if (running <= rule_.keep) {
    verdict.refusal = absl::StrCat("the group has ", running,
                                   " running, and keeps ", rule_.keep);
  }
  return verdict;
}

void StopLowestWatch::Reset() {
  short_.Reset();
  seen_at_.reset();
}

}  // namespace reeve
