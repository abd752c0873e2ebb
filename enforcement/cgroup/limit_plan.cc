#include "enforcement/cgroup/limit_plan.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "enforcement/cgroup/cpu_plan.h"
#include "enforcement/cgroup/cpuset_plan.h"
#include "enforcement/cgroup/hugetlb_plan.h"
#include "enforcement/cgroup/io_plan.h"
#include "enforcement/cgroup/memory_plan.h"
#include "enforcement/process/process_plan.h"

namespace reeve {
namespace {

constexpr char kPids[] = "pids";
constexpr char kPidsMax[] = "pids.max";

absl::Status Missing(absl::string_view limit, absl::string_view controller) {
  return absl::UnavailableError(absl::StrCat(
      "no ", limit, " can be set: this host has the cgroup controller ",
      controller, " in no mounted hierarchy"));
}

}  // namespace

absl::Status CheckControllers(const ResourceLimits& limits,
                              const LimitVersions& versions) {
  if (limits.has_memory()) {
    if (!versions.memory.has_value()) return Missing("memory limit", "memory");
    absl::Status status = CheckMemory(limits, *versions.memory);
    if (!status.ok()) return status;
  }
  if (limits.cpu_shares.has_value() && !versions.cpu.has_value()) {
    return Missing("CPU shares", "cpu");
  }
  if (limits.has_cpu() && !versions.cpu.has_value()) {
    return Missing("CPU limit", "cpu");
  }
  if (limits.pids.has_value() && !versions.pids.has_value()) {
    return Missing("pids limit", kPids);
  }
  if (limits.has_cpuset() && !versions.cpuset.has_value()) {
    return Missing("cpuset", "cpuset");
  }
  if (limits.has_io() && !versions.io.has_value()) {
    return Missing("io limit", "io (blkio on cgroup v1)");
  }
  if (!limits.hugetlb.empty() && !versions.hugetlb.has_value()) {
    return Missing("limit of huge pages", "hugetlb");
  }
  return absl::OkStatus();
}

std::vector<std::string> RareControllersOf(const ResourceLimits& limits,
                                           const LimitVersions& versions) {
  std::vector<std::string> controllers;
  if (limits.cpuset_cpus || limits.cpuset_mems) {
    controllers.emplace_back("cpuset");
  }
  if (limits.has_io() && versions.io.has_value()) {
    controllers.emplace_back(IoController(*versions.io));
  }
  if (!limits.hugetlb.empty()) controllers.emplace_back("hugetlb");
  return controllers;
}

std::vector<LimitFile> LimitFilesOf(const ResourceLimits& limits,
                                    const LimitVersions& versions) {
  std::vector<LimitFile> files;
  const auto append = [&files](const std::vector<LimitFile>& more) {
    files.insert(files.end(), more.begin(), more.end());
  };
  if (versions.memory.has_value()) {
    append(MemoryFilesOf(limits, *versions.memory));
  }
  if (versions.cpu.has_value()) append(CpuFilesOf(limits, *versions.cpu));
  if (limits.pids.has_value()) files.push_back({kPids, kPidsMax});
  if (versions.cpuset.has_value()) {
    append(CpusetFilesOf(limits, *versions.cpuset));
  }
  if (versions.io.has_value()) append(IoFilesOf(limits, *versions.io));
  if (versions.hugetlb.has_value()) {
    append(HugetlbFilesOf(limits, *versions.hugetlb));
  }
  append(ProcessFilesOf(limits));
  return files;
}

absl::StatusOr<std::vector<PlannedLimit>> PlanLimits(
    const ResourceLimits& limits, const LimitVersions& versions,
    const LimitTexts& current) {
  const absl::Status status = CheckControllers(limits, versions);
  if (!status.ok()) return status;

  LimitPlanner planner(current);
  if (limits.has_memory()) PlanMemory(limits, *versions.memory, planner);
  if (limits.has_cpu())
    PlanCpu(limits, *versions.cpu, versions.cpu_weight_mapping, planner);
  if (limits.pids.has_value()) {
    planner.Add(kPids, kPidsMax, BoundText(*limits.pids),
                BoundText(*limits.pids));
  }
  if (limits.has_cpuset()) PlanCpuset(limits, *versions.cpuset, planner);
  if (limits.has_io()) PlanIo(limits, *versions.io, planner);
  if (!limits.hugetlb.empty()) PlanHugetlb(limits, *versions.hugetlb, planner);
  PlanProcess(limits, planner);
  return std::move(planner).Result();
}

}  // namespace reeve
