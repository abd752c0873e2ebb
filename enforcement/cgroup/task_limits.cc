#include "enforcement/cgroup/task_limits.h"

#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "enforcement/cgroup/huge_pages.h"
#include "enforcement/cgroup/limit_text.h"
#include "enforcement/cgroup/limit_update.h"
#include "enforcement/cgroup/limit_values.h"
#include "enforcement/process/process_plan.h"
#include "enforcement/spec/limit_parts.h"

namespace reeve {
namespace {

// All limits that can be set where the controllers are, to ask for their files.
ResourceLimits LimitsOf(const LimitVersions& versions) {
  ResourceLimits limits;
  if (versions.memory.has_value()) {
    limits.memory_bytes = Bound::Unlimited();
    limits.memory_high_bytes = Bound::Unlimited();
    limits.memory_low_bytes = 0;
    limits.memory_min_bytes = 0;
    limits.memory_swap_bytes = Bound::Unlimited();
    limits.memory_oom_group = false;
  }
  if (versions.pids.has_value()) limits.pids = Bound::Unlimited();
  if (versions.cpu.has_value()) {
    limits.cpu_shares = 0;
    limits.cpu_quota = CpuQuota{};
    limits.cpu_burst_usec = 0;
    limits.cpu_idle = false;
  }
  if (versions.cpuset.has_value()) {
    limits.cpuset_cpus = "";
    limits.cpuset_mems = "";
  }
  if (versions.io.has_value()) {
    limits.io_weight = 0;
    limits.io_max.emplace_back();
  }
  if (versions.hugetlb.has_value()) {
    for (const std::string& size : HugePageSizes("/sys")) {
      limits.hugetlb.push_back({size, Bound::Unlimited()});
    }
  }
  return limits;
}

}  // namespace

absl::Status TaskLimits::Adopt() {
  absl::MutexLock updating(&updating_);
  const absl::StatusOr<LimitTexts> texts =
      ReadTexts(LimitFilesOf(LimitsOf(versions_), versions_));
  if (!texts.ok()) return texts.status();
  absl::MutexLock lock(&mutex_);
  settings_ = SettingsInForce(*texts, versions_.cpu_weight_mapping);
  settings_.shrink_to_fit();
  return absl::OkStatus();
}

void TaskLimits::Recall(const ResourceLimits& asked) {
  absl::MutexLock updating(&updating_);
  // It was read from a disk: what nobody can have asked for is not planned.
  if (ValidateLimits(asked).ok()) RecallCgroup(CgroupLimits(asked));
  for (LimitSetting& setting : ProcessSettings(asked)) {
    Note(std::move(setting));
  }
}

void TaskLimits::RecallCgroup(const ResourceLimits& asked) {
  const absl::StatusOr<LimitTexts> texts =
      ReadTexts(LimitFilesOf(asked, versions_));
  if (!texts.ok()) return;
  // It may go with what is in force no more.
  const absl::StatusOr<std::vector<PlannedLimit>> plan =
      PlanLimits(asked, versions_, *texts);
  if (!plan.ok()) return;
  for (const PlannedLimit& limit : *plan) {
    const std::string now =
        LimitTextIn(limit.file, texts->at(limit.file), limit.item);
    if (!SameLimit(limit.file, now, limit.value)) continue;
    Note({limit.controller, limit.file, limit.requested, limit.value, now,
          limit.item});
  }
}

void TaskLimits::NoteLaunch(const ResourceLimits& limits) {
  absl::MutexLock updating(&updating_);
  for (LimitSetting& setting : ProcessSettings(limits)) {
    // Changed by an update since.
    if (IsKnown(setting)) continue;
    // Of a task that has ended already. It had read the value back itself, or
    // its program would not have been started.
    if (setting.read_back.empty()) setting.read_back = setting.applied;
    Note(std::move(setting));
  }
}

// What processes have now; "" if there is none.
std::vector<LimitSetting> TaskLimits::ProcessSettings(
    const ResourceLimits& limits) const {
  LimitTexts texts;
  for (const LimitFile& file : ProcessFilesOf(limits)) {
    const absl::StatusOr<std::string> text =
        files_.Read(file.controller, file.file);
    texts[file.file] =
        text.ok() ? std::string(absl::StripAsciiWhitespace(*text)) : "";
  }
  LimitPlanner planner(texts);
  PlanProcess(limits, planner);
  const absl::StatusOr<std::vector<PlannedLimit>> plan =
      std::move(planner).Result();
  std::vector<LimitSetting> settings;
  if (!plan.ok()) return settings;
  for (const PlannedLimit& limit : *plan) {
    settings.push_back({limit.controller, limit.file, limit.requested,
                        limit.value, texts.at(limit.file)});
  }
  return settings;
}

absl::StatusOr<LimitUpdate> TaskLimits::Update(
    const ResourceLimits& limits, const MemoryDecreaseOptions* decrease) {
  absl::MutexLock updating(&updating_);
  absl::StatusOr<LimitUpdate> update =
      UpdateLimits(limits, versions_, files_, decrease);
  if (!update.ok()) {
    ReadBack();
    return update.status();
  }
  NoteAll(update->settings);
  // The kernel changes the weight with it.
  if (limits.cpu_idle.has_value()) ReadBack();
  return update;
}

std::vector<LimitSetting> TaskLimits::Settings() const {
  absl::MutexLock lock(&mutex_);
  return settings_;
}

LimitValues TaskLimits::Values() const {
  absl::MutexLock lock(&mutex_);
  return LimitValuesOf(settings_, versions_.cpu_weight_mapping);
}

// There are thousands of tasks, and most are never updated: a vector that grows
// by itself would be half empty for as long as they live.
void TaskLimits::NoteAll(const std::vector<LimitSetting>& settings) {
  {
    absl::MutexLock lock(&mutex_);
    if (settings_.empty()) settings_.reserve(settings.size());
  }
  for (const LimitSetting& setting : settings) Note(setting);
}

void TaskLimits::Note(LimitSetting setting) {
  absl::MutexLock lock(&mutex_);
  const auto known =
      absl::c_find_if(settings_, [&setting](const LimitSetting& other) {
        return other.file == setting.file && other.item == setting.item;
      });
  if (known == settings_.end()) {
    settings_.push_back(std::move(setting));
  } else {
    *known = std::move(setting);
  }
}

bool TaskLimits::IsKnown(const LimitSetting& setting) const {
  absl::MutexLock lock(&mutex_);
  return absl::c_any_of(settings_, [&setting](const LimitSetting& other) {
    return other.file == setting.file;
  });
}

absl::StatusOr<LimitTexts> TaskLimits::ReadTexts(
    const std::vector<LimitFile>& wanted) const {
  LimitTexts texts;
  for (const LimitFile& file : wanted) {
    const absl::StatusOr<std::string> text =
        files_.Read(file.controller, file.file);
    if (absl::IsNotFound(text.status())) continue;
    if (!text.ok()) return text.status();
    texts[file.file] = std::string(absl::StripAsciiWhitespace(*text));
  }
  return texts;
}

// After an update that failed, and may not have got everything back, or that
// changed more than it wrote.
void TaskLimits::ReadBack() {
  for (LimitSetting& setting : Settings()) {
    const absl::StatusOr<std::string> text =
        files_.Read(setting.controller, setting.file);
    if (!text.ok()) continue;
    setting.read_back = LimitTextIn(setting.file, *text, setting.item);
    Note(std::move(setting));
  }
}

}  // namespace reeve
