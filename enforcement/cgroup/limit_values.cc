#include "enforcement/cgroup/limit_values.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "enforcement/cgroup/cpuset_values.h"
#include "enforcement/cgroup/hugetlb_values.h"
#include "enforcement/cgroup/io_values.h"
#include "enforcement/cgroup/limit_text.h"

namespace reeve {
namespace {

constexpr double kUsecPerSecond = 1e6;

// Absent for "max".
std::optional<uint64_t> NumberIn(absl::string_view text) {
  uint64_t value = 0;
  if (!absl::SimpleAtoi(text, &value)) return std::nullopt;
  return value;
}

// Text of a file among the settings, canonical; "" if it is not there.
class Texts {
 public:
  explicit Texts(const std::vector<LimitSetting>& settings)
      : settings_(settings) {}

  const LimitSetting* Find(absl::string_view file) const {
    for (const LimitSetting& setting : settings_) {
      if (setting.file == file) return &setting;
    }
    return nullptr;
  }

  std::string operator[](absl::string_view file) const {
    const LimitSetting* setting = Find(file);
    return setting == nullptr ? "" : CanonicalLimit(file, setting->read_back);
  }

  std::optional<uint64_t> Number(absl::string_view v1_file,
                                 absl::string_view v2_file) const {
    const std::optional<uint64_t> number = NumberIn((*this)[v1_file]);
    return number.has_value() ? number : NumberIn((*this)[v2_file]);
  }

 private:
  const std::vector<LimitSetting>& settings_;
};

// v1 "50000" and "100000", v2 "50000 100000".
std::pair<std::string, std::string> QuotaAndPeriod(const Texts& texts) {
  if (texts.Find("cpu.max") != nullptr) {
    return absl::StrSplit(texts["cpu.max"], absl::MaxSplits(' ', 1));
  }
  return {texts["cpu.cfs_quota_us"], texts["cpu.cfs_period_us"]};
}

// As asked for, unless the kernel has another weight by now: it forgets the old
// one when a task becomes idle.
std::optional<uint64_t> SharesIn(const Texts& texts, CpuWeightMapping mapping) {
  const LimitSetting* weight = texts.Find("cpu.weight");
  if (weight == nullptr) return NumberIn(texts["cpu.shares"]);
  if (weight->read_back == weight->applied) return NumberIn(weight->requested);
  const std::optional<uint64_t> in_force = NumberIn(weight->read_back);
  if (!in_force.has_value()) return std::nullopt;
  return CpuSharesFromWeight(*in_force, mapping);
}

bool IsDefault(absl::string_view file, const std::string& text) {
  if (file == "cpu.shares") return text == "1024";
  if (file == "cpu.weight") return text == "100";
  if (file == "cpu.max") return text == "max 100000";
  if (file == "cpu.idle" || file == "cpu.cfs_burst_us" ||
      file == "cpu.max.burst" || file == "memory.low" || file == "memory.min" ||
      file == "memory.oom.group") {
    return text == "0";
  }
  return text == "max";
}

// A period means something only beside a quota, swappiness beside a limit.
std::string MainFileOf(const std::string& file) {
  if (file == "cpu.cfs_period_us") return "cpu.cfs_quota_us";
  if (file == "memory.swappiness") return "memory.limit_in_bytes";
  return file;
}

// What v1 lets a task have beyond its memory limit.
std::optional<uint64_t> SwapIn(absl::string_view memory_and_swap,
                               absl::string_view memory) {
  const std::optional<uint64_t> both = NumberIn(memory_and_swap);
  const std::optional<uint64_t> limit = NumberIn(memory);
  if (!both.has_value() || !limit.has_value() || *both < *limit) {
    return std::nullopt;
  }
  return *both - *limit;
}

std::string RequestedFor(absl::string_view file, const std::string& text,
                         const LimitTexts& texts, CpuWeightMapping mapping) {
  const auto memory = texts.find("memory.limit_in_bytes");
  if (file == "memory.memsw.limit_in_bytes" && memory != texts.end()) {
    const std::optional<uint64_t> swap =
        SwapIn(text, CanonicalLimit(memory->first, memory->second));
    return swap.has_value() ? absl::StrCat(*swap) : text;
  }
  if (file == "cpu.weight") {
    const std::optional<uint64_t> weight = NumberIn(text);
    if (weight.has_value())
      return absl::StrCat(CpuSharesFromWeight(*weight, mapping));
  }
  return text;
}

}  // namespace

LimitValues LimitValuesOf(const std::vector<LimitSetting>& settings,
                          CpuWeightMapping mapping) {
  const Texts texts(settings);
  LimitValues values;
  values.memory_bytes = texts.Number("memory.limit_in_bytes", "memory.max");
  values.memory_high_bytes = NumberIn(texts["memory.high"]);
  values.memory_low_bytes = NumberIn(texts["memory.low"]);
  values.memory_min_bytes = NumberIn(texts["memory.min"]);
  values.memory_oom_group = NumberIn(texts["memory.oom.group"]);
  values.memory_swap_bytes = NumberIn(texts["memory.swap.max"]);
  if (!values.memory_swap_bytes.has_value()) {
    values.memory_swap_bytes = SwapIn(texts["memory.memsw.limit_in_bytes"],
                                      texts["memory.limit_in_bytes"]);
  }
  values.threads = NumberIn(texts["pids.max"]);

  values.cpu_idle = NumberIn(texts["cpu.idle"]);
  if (values.cpu_idle != 1) values.cpu_shares = SharesIn(texts, mapping);

  if (const auto burst = texts.Number("cpu.cfs_burst_us", "cpu.max.burst")) {
    values.cpu_burst_seconds = static_cast<double>(*burst) / kUsecPerSecond;
  }
  const auto [quota_text, period_text] = QuotaAndPeriod(texts);
  const std::optional<uint64_t> quota = NumberIn(quota_text);
  const std::optional<uint64_t> period = NumberIn(period_text);
  if (quota.has_value() && period.has_value() && *period > 0) {
    const auto period_usec = static_cast<double>(*period);
    values.cpu_cores = static_cast<double>(*quota) / period_usec;
    values.cpu_period_seconds = period_usec / kUsecPerSecond;
  }
  AddCpusetValues(settings, values);
  AddIoValues(settings, values);
  AddHugetlbValues(settings, values);
  return values;
}

std::vector<LimitSetting> SettingsInForce(const LimitTexts& texts,
                                          CpuWeightMapping mapping) {
  std::vector<LimitSetting> settings;
  for (const auto& [file, text] : texts) {
    if (absl::StartsWith(file, "../")) continue;  // The parent's.
    if (IsIoFile(file)) {
      AddIoSettings(file, text, settings);
      continue;
    }
    const std::string main_file = MainFileOf(file);
    const auto main_text = texts.find(main_file);
    if (main_text == texts.end() ||
        IsDefault(main_file, CanonicalLimit(main_file, main_text->second)) ||
        IsInheritedCpuset(file, texts)) {
      continue;
    }
    settings.push_back(
        {file.substr(0, file.find('.')), file,
         RequestedFor(file, CanonicalLimit(file, text), texts, mapping), text,
         text});
  }
  return settings;
}

}  // namespace reeve
