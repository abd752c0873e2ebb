#include "enforcement/cgroup/task_limits.h"

#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "enforcement/cgroup/limit_update.h"
#include "enforcement/cgroup/limit_values.h"

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
  return limits;
}

}  // namespace

absl::Status TaskLimits::Adopt() {
  absl::MutexLock lock(&mutex_);
  LimitTexts texts;
  for (const LimitFile& file : LimitFilesOf(LimitsOf(versions_), versions_)) {
    const absl::StatusOr<std::string> text =
        files_.Read(file.controller, file.file);
    if (absl::IsNotFound(text.status())) continue;
    if (!text.ok()) return text.status();
    texts[file.file] = std::string(absl::StripAsciiWhitespace(*text));
  }
  settings_ = SettingsInForce(texts, versions_.cpu_weight_mapping);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<LimitSetting>> TaskLimits::Update(
    const ResourceLimits& limits) {
  absl::MutexLock lock(&mutex_);
  absl::StatusOr<LimitUpdate> update = UpdateLimits(limits, versions_, files_);
  if (!update.ok()) {
    ReadBack();
    return update.status();
  }
  for (LimitSetting& setting : update->settings) Note(std::move(setting));
  // The kernel changes the weight with it.
  if (limits.cpu_idle.has_value()) ReadBack();
  return std::move(update->written);
}

std::vector<LimitSetting> TaskLimits::Settings() const {
  absl::MutexLock lock(&mutex_);
  return settings_;
}

LimitValues TaskLimits::Values() const {
  absl::MutexLock lock(&mutex_);
  return LimitValuesOf(settings_, versions_.cpu_weight_mapping);
}

void TaskLimits::Note(LimitSetting setting) {
  const auto known =
      absl::c_find_if(settings_, [&setting](const LimitSetting& other) {
        return other.file == setting.file;
      });
  if (known == settings_.end()) {
    settings_.push_back(std::move(setting));
  } else {
    *known = std::move(setting);
  }
}

// After an update that failed, and may not have got everything back, or that
// changed more than it wrote.
void TaskLimits::ReadBack() {
  for (LimitSetting& setting : settings_) {
    const absl::StatusOr<std::string> text =
        files_.Read(setting.controller, setting.file);
    if (text.ok()) {
      setting.read_back = std::string(absl::StripAsciiWhitespace(*text));
    }
  }
}

}  // namespace reeve
