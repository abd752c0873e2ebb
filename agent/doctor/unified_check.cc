#include "agent/doctor/unified_check.h"

#include <unistd.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "agent/doctor/clone_into_cgroup.h"
#include "agent/doctor/probe_cgroup.h"
#include "base/file.h"
#include "enforcement/cgroup/cgroup_access.h"

namespace reeve {
namespace {

constexpr char kEnablePressure[] = "boot with psi=1";

Finding CheckKill(const std::string& cgroup) {
  if (access(absl::StrCat(cgroup, "/cgroup.kill").c_str(), F_OK) == 0) {
    return {"cgroup.kill", Verdict::kOk, "ends all of a task at once", ""};
  }
  return {"cgroup.kill", Verdict::kWarn,
          "missing: processes are killed one by one",
          "use a kernel of 5.14 or later"};
}

Finding CheckClone(const std::string& cgroup) {
  const std::string check = "CLONE_INTO_CGROUP";
  const absl::Status cloned = TryCloneIntoCgroup(cgroup);
  if (cloned.ok()) {
    return {check, Verdict::kOk, "tasks start inside their cgroup", ""};
  }
  return {check, Verdict::kWarn,
          absl::StrCat(cloned.message(), ": tasks enter it before exec"),
          "use a kernel of 5.7 or later"};
}

// Opening works without PSI; reading fails with EOPNOTSUPP.
Finding CheckPressureFile(const std::string& check, const std::string& path) {
  const absl::StatusOr<std::string> pressure = ReadFile(path);
  if (pressure.ok()) return {check, Verdict::kOk, path, ""};
  return {check, Verdict::kWarn,
          absl::StrCat("not measured: ", pressure.status().message()),
          kEnablePressure};
}

}  // namespace

std::vector<Finding> CheckUnified(const CgroupMounts& mounts,
                                  const std::string& parent) {
  const std::string check = "unified hierarchy";
  const CgroupHierarchy* unified = mounts.Unified();
  if (unified == nullptr) {
    return {{check, Verdict::kWarn,
             "not mounted: no cgroup.kill, no pressure of tasks",
             "mount -t cgroup2 none /sys/fs/cgroup/unified"}};
  }
  const absl::StatusOr<ProbeCgroup> probe = ProbeCgroup::Make(
      absl::StrCat(unified->mount_point,
                   NearestExistingCgroup(unified->mount_point, parent)));
  if (!probe.ok()) {
    return {{check, Verdict::kWarn,
             absl::StrCat("not writable: ", probe.status().message()),
             "run as root, or have a cgroup delegated"}};
  }
  return {{check, Verdict::kOk,
           absl::StrCat("at ", unified->mount_point, ", writable"), ""},
          CheckKill(probe->path()),
          CheckClone(probe->path()),
          CheckPressureFile("task pressure", absl::StrCat(unified->mount_point,
                                                          "/cpu.pressure"))};
}

Finding CheckHostPressure(const std::string& procfs) {
  return CheckPressureFile("host pressure",
                           absl::StrCat(procfs, "/pressure/cpu"));
}

}  // namespace reeve
