#include "enforcement/cgroup/cpuset_values.h"

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/cpu_list.h"
#include "enforcement/cgroup/cpuset_plan.h"
#include "enforcement/cgroup/limit_text.h"

namespace reeve {
namespace {

std::optional<std::string> ListIn(const std::vector<LimitSetting>& settings,
                                  absl::string_view file) {
  for (const LimitSetting& setting : settings) {
    if (setting.file != file || setting.requested == "all") continue;
    return CanonicalLimit(file, setting.read_back);
  }
  return std::nullopt;
}

}  // namespace

void AddCpusetValues(const std::vector<LimitSetting>& settings,
                     LimitValues& values) {
  values.cpuset_mems = ListIn(settings, "cpuset.mems");
  values.cpuset_cpus = ListIn(settings, "cpuset.cpus");
  if (!values.cpuset_cpus.has_value()) return;
  for (const LimitSetting& setting : settings) {
    if (setting.file == "cpuset.cpus") {
      values.reserved_cpu_count = ReservedIn(setting.requested);
    }
  }
  const absl::StatusOr<CpuList> cpus = ParseCpuList(*values.cpuset_cpus);
  if (cpus.ok()) values.cpuset_cpu_count = cpus->size();
}

bool IsInheritedCpuset(const std::string& file, const LimitTexts& texts) {
  if (!absl::StartsWith(file, "cpuset.")) return false;
  const auto own = texts.find(file);
  if (own == texts.end() || own->second.empty()) return true;
  for (const char* suffix : {"", ".effective"}) {
    const auto parent = texts.find(absl::StrCat("../", file, suffix));
    if (parent != texts.end() && SameLimit(file, own->second, parent->second)) {
      return true;
    }
  }
  return false;
}

}  // namespace reeve
