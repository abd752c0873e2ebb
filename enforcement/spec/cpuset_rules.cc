#include "enforcement/spec/cpuset_rules.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/cpu_list.h"

namespace reeve {
namespace {

absl::Status ValidateList(absl::string_view limit, const std::string& list) {
  absl::Status status = ParseCpuList(list).status();
  if (status.ok()) return status;
  return absl::InvalidArgumentError(
      absl::StrCat(limit, " of ", status.message()));
}

}  // namespace

absl::Status ValidateCpuset(const ResourceLimits& limits) {
  absl::Status status;
  if (limits.cpuset_cpus) {
    status.Update(ValidateList("cpuset", *limits.cpuset_cpus));
  }
  if (limits.cpuset_mems) {
    status.Update(ValidateList("memory nodes", *limits.cpuset_mems));
  }
  if (limits.reserved_cpus.value_or(0) > 0 &&
      !limits.cpuset_cpus.value_or("").empty()) {
    status.Update(absl::InvalidArgumentError(absl::StrCat(
        "cpuset of ", *limits.cpuset_cpus, " beside ", *limits.reserved_cpus,
        " reserved CPUs: give one of them, since the agent chooses which CPUs "
        "it reserves")));
  }
  return status;
}

}  // namespace reeve
