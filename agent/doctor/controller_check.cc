#include "agent/doctor/controller_check.h"

#include <unistd.h>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "agent/doctor/probe_cgroup.h"

namespace reeve {
namespace {

constexpr char kMakeWritable[] =
    "run as root, with cgroups mounted read-write, or have a cgroup delegated";

bool Exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

std::string Place(const CgroupHierarchy& hierarchy) {
  return absl::StrCat("v", static_cast<int>(hierarchy.version), " at ",
                      hierarchy.mount_point);
}

Finding CheckController(const CgroupMounts& mounts, const std::string& name) {
  const std::string check = absl::StrCat(name, " controller");
  const CgroupHierarchy* hierarchy = mounts.Find(name);
  if (hierarchy == nullptr) {
    return {check, Verdict::kFail, "in no mounted hierarchy",
            absl::StrCat("boot with cgroup_enable=", name,
                         ", or mount a hierarchy that has it")};
  }
  const absl::StatusOr<ProbeCgroup> probe =
      ProbeCgroup::Make(hierarchy->mount_point);
  if (!probe.ok()) {
    return {check, Verdict::kFail,
            absl::StrCat(Place(*hierarchy),
                         ", not writable: ", probe.status().message()),
            kMakeWritable};
  }
  return {check, Verdict::kOk, absl::StrCat(Place(*hierarchy), ", writable"),
          ""};
}

}  // namespace

Finding CheckCgroupLayout(const CgroupMounts& mounts) {
  const std::string layout = mounts.LayoutName();
  if (layout != "none") return {"cgroups", Verdict::kOk, layout, ""};
  return {"cgroups", Verdict::kFail, "no hierarchy is mounted",
          "mount -t cgroup2 none /sys/fs/cgroup"};
}

std::vector<Finding> CheckControllers(const CgroupMounts& mounts) {
  std::vector<Finding> findings = {CheckController(mounts, "memory"),
                                   CheckController(mounts, "cpu"),
                                   CheckController(mounts, "pids")};
  // On v2 the time is in cpu.stat, which needs no controller.
  const CgroupHierarchy* cpu = mounts.Find("cpu");
  if (cpu != nullptr && cpu->version == CgroupVersion::kV1) {
    findings.push_back(CheckController(mounts, "cpuacct"));
  }
  return findings;
}

Finding CheckSwapAccounting(const CgroupMounts& mounts) {
  const std::string check = "swap accounting";
  const CgroupHierarchy* memory = mounts.Find("memory");
  if (memory == nullptr) {
    return {check, Verdict::kWarn, "no memory controller", ""};
  }
  if (memory->version == CgroupVersion::kV2) {
    return {check, Verdict::kOk, "memory.swap.max", ""};
  }
  if (Exists(
          absl::StrCat(memory->mount_point, "/memory.memsw.limit_in_bytes"))) {
    return {check, Verdict::kOk, "memory.memsw.limit_in_bytes", ""};
  }
  return {check, Verdict::kWarn,
          "off: a task at its memory limit may go on in swap",
          "boot with swapaccount=1, or turn swap off"};
}

}  // namespace reeve
