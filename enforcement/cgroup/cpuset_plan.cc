#include "enforcement/cgroup/cpuset_plan.h"

#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace reeve {
namespace {

constexpr char kCpuset[] = "cpuset";
// A list and where the parent's is. Below an open directory "../" is the
// parent.
struct ListFiles {
  const char* own;
  const char* v1_parent;
  const char* v2_parent;

  const char* parent(CgroupVersion version) const {
    return version == CgroupVersion::kV1 ? v1_parent : v2_parent;
  }
};

constexpr ListFiles kCpus = {"cpuset.cpus", "../cpuset.cpus",
                             "../cpuset.cpus.effective"};
constexpr ListFiles kMems = {"cpuset.mems", "../cpuset.mems",
                             "../cpuset.mems.effective"};

constexpr char kReservedSuffix[] = " reserved";

// Why the CPUs are what they are: they were named, or the agent chose them.
std::string RequestOf(const ResourceLimits& limits) {
  if (limits.cpuset_is_pool) return "pool";
  const uint32_t reserved = limits.reserved_cpus.value_or(0);
  if (reserved > 0) return absl::StrCat(reserved, kReservedSuffix);
  return *limits.cpuset_cpus;
}

void PlanList(const std::string& list, const std::string& requested,
              const ListFiles& files, CgroupVersion version,
              LimitPlanner& planner) {
  if (!list.empty()) {
    planner.Add(kCpuset, files.own, requested, list);
    return;
  }
  const std::string now = planner.Text(files.own).value_or("");
  planner.Add(
      kCpuset, files.own, "all",
      now.empty() ? now : planner.Text(files.parent(version)).value_or(now));
}

}  // namespace

std::vector<LimitFile> CpusetFilesOf(const ResourceLimits& limits,
                                     CgroupVersion version) {
  std::vector<LimitFile> files;
  if (limits.cpuset_cpus.has_value()) {
    files.push_back({kCpuset, kCpus.own});
    files.push_back({kCpuset, kCpus.parent(version)});
  }
  if (limits.cpuset_mems.has_value()) {
    files.push_back({kCpuset, kMems.own});
    files.push_back({kCpuset, kMems.parent(version)});
  }
  return files;
}

void PlanCpuset(const ResourceLimits& limits, CgroupVersion version,
                LimitPlanner& planner) {
  if (limits.cpuset_mems.has_value()) {
    PlanList(*limits.cpuset_mems, *limits.cpuset_mems, kMems, version, planner);
  }
  if (limits.cpuset_cpus.has_value()) {
    PlanList(*limits.cpuset_cpus, RequestOf(limits), kCpus, version, planner);
  }
}

std::optional<uint64_t> ReservedIn(absl::string_view requested) {
  uint64_t count = 0;
  if (!absl::ConsumeSuffix(&requested, kReservedSuffix) ||
      !absl::SimpleAtoi(requested, &count)) {
    return std::nullopt;
  }
  return count;
}

}  // namespace reeve
