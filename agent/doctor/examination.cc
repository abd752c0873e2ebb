#include "agent/doctor/examination.h"

#include <sys/resource.h>
#include <sys/utsname.h>

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "agent/doctor/controller_check.h"
#include "agent/doctor/host_check.h"
#include "agent/doctor/unified_check.h"
#include "agent/shim_path.h"
#include "base/file.h"
#include "collectors/cgroup/cgroup_mounts.h"

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

void ExamineCgroups(const std::string& procfs, std::vector<Finding>* findings) {
  const absl::StatusOr<CgroupMounts> mounts = CgroupMounts::Discover(procfs);
  if (!mounts.ok()) {
    findings->push_back({"cgroups", Verdict::kFail,
                         std::string(mounts.status().message()),
                         "mount procfs, or name it by --path.procfs"});
    return;
  }
  findings->push_back(CheckCgroupLayout(*mounts));
  for (Finding& finding : CheckControllers(*mounts)) {
    findings->push_back(std::move(finding));
  }
  findings->push_back(CheckSwapAccounting(*mounts));
  for (Finding& finding : CheckUnified(*mounts)) {
    findings->push_back(std::move(finding));
  }
}

}  // namespace

std::vector<Finding> ExamineHost(const ExaminationOptions& options) {
  std::vector<Finding> findings = {ExamineKernel(),
                                   ExaminePrivileges(options.procfs)};
  ExamineCgroups(options.procfs, &findings);
  findings.push_back(CheckHostPressure(options.procfs));
  findings.push_back(ExamineOpenFiles());
  findings.push_back(CheckStateDir(options.state_dir));
  findings.push_back(ExamineShim(options.shim_path));
  return findings;
}

}  // namespace reeve
