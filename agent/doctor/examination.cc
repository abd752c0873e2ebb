#include "agent/doctor/examination.h"

#include <sys/resource.h>
#include <sys/utsname.h>

#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "agent/doctor/controller_check.h"
#include "agent/doctor/device_check.h"
#include "agent/doctor/host_check.h"
#include "agent/doctor/landlock_check.h"
#include "agent/doctor/native_check.h"
#include "agent/doctor/realtime_check.h"
#include "agent/doctor/unified_check.h"
#include "agent/shim_path.h"
#include "base/file.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/agent_place.h"
#include "enforcement/launch/landlock.h"
#include "enforcement/launch/native_support.h"

namespace reeve {
namespace {

Finding ExamineKernel() {
  utsname name = {};
  uname(&name);
  return CheckKernel(name.release);
}

Finding ExaminePrivileges(const std::string& procfs) {
  const absl::StatusOr<std::string> status =
      ReadFile(absl::StrCat(procfs, "/self/status"));
  return CheckPrivileges(status.ok() ? *status : "");
}

Finding ExamineOpenFiles() {
  rlimit limit = {};
  getrlimit(RLIMIT_NOFILE, &limit);
  return CheckOpenFiles(limit.rlim_cur, limit.rlim_max);
}

Finding ExamineShim(const std::string& given) {
  const absl::StatusOr<std::string> shim = FindShim(given);
  if (shim.ok()) return {"reeve-shim", Verdict::kOk, *shim, ""};
  return {"reeve-shim", Verdict::kFail, std::string(shim.status().message()),
          ""};
}

// The parent that an agent started in place of this process would use.
OfferQuestion QuestionOf(const CgroupMounts& mounts,
                         const ExaminationOptions& options) {
  OfferQuestion question;
  question.procfs = options.procfs;
  const CgroupHierarchy* unified = mounts.Unified();
  if (unified == nullptr) {
    question.parent = ChooseAgentPlaceOnV1(options.cgroup_parent).parent;
    return question;
  }
  const absl::StatusOr<std::string> cgroups =
      ReadFile(absl::StrCat(options.procfs, "/self/cgroup"));
  const AgentPlace place = ChooseAgentPlace(
      unified->mount_point, cgroups.ok() ? UnifiedCgroupIn(*cgroups) : "",
      options.cgroup_parent);
  question.parent = place.parent;
  question.self_leaves = !place.leaf.empty();
  return question;
}

Finding ExamineRealtime(const std::string& procfs, const CgroupMounts& mounts) {
  const absl::StatusOr<std::string> status =
      ReadFile(absl::StrCat(procfs, "/self/status"));
  rlimit priority = {};
  getrlimit(RLIMIT_RTPRIO, &priority);
  return CheckRealtime(status.ok() ? *status : "", priority.rlim_cur,
                       RealtimeGroups(mounts));
}

void ExamineCgroups(const ExaminationOptions& options, Findings* findings) {
  const absl::StatusOr<CgroupMounts> mounts =
      CgroupMounts::Discover(options.procfs);
  if (!mounts.ok()) {
    findings->findings.push_back({"cgroups", Verdict::kFail,
                                  std::string(mounts.status().message()),
                                  "mount procfs, or name it by --path.procfs"});
    return;
  }
  const OfferQuestion question = QuestionOf(*mounts, options);
  findings->findings.push_back(CheckCgroupLayout(*mounts));
  findings->findings.push_back(CheckTaskCgroups(*mounts, question));
  for (Finding& finding : CheckUnified(*mounts, question.parent)) {
    findings->findings.push_back(std::move(finding));
  }
  findings->findings.push_back(CheckDevices(*mounts, question));
  findings->findings.push_back(ExamineRealtime(options.procfs, *mounts));
  findings->controllers = CheckControllers(*mounts, question);
}

}  // namespace

Findings ExamineHost(const ExaminationOptions& options) {
  Findings all;
  std::vector<Finding>& findings = all.findings;
  findings = {ExamineKernel(), ExaminePrivileges(options.procfs)};
  ExamineCgroups(options, &all);
  findings.push_back(CheckHostPressure(options.procfs));
  findings.push_back(CheckIsolation(CheckNativeSupport()));
  findings.push_back(CheckLandlock(LandlockAbi()));
  findings.push_back(ExamineOpenFiles());
  if (!options.state_dir.empty()) {
    findings.push_back(CheckStateDir(options.state_dir));
  }
  findings.push_back(ExamineShim(options.shim_path));
  return all;
}

}  // namespace reeve
