#include "enforcement/launch/start_error.h"

#include <unistd.h>

#include <cerrno>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/file.h"
#include "enforcement/launch/launch_error.h"

namespace reeve {
namespace {

std::string UserOf(const LaunchRequest& request) {
  if (!request.credentials) return "";
  const Credentials& credentials = *request.credentials;
  return absl::StrCat(" as user ", credentials.name.empty()
                                       ? absl::StrCat(credentials.uid)
                                       : credentials.name);
}

std::string Describe(StartStage stage, const LaunchRequest& request) {
  switch (stage) {
    case StartStage::kNone:
      return "start";
    case StartStage::kReadPlan:
      return "reeve-shim: read the plan";
    case StartStage::kTakeDescriptors:
      return "reeve-shim: take its descriptors";
    case StartStage::kOpenFifos:
      return "reeve-shim: open the fifos of the state directory";
    case StartStage::kSubreaper:
      return "reeve-shim: become a subreaper";
    case StartStage::kClone:
      return request.cgroup.into_cgroup ? "create a process in the cgroup"
                                        : "create a process";
    case StartStage::kEnterCgroup:
      return "enter the cgroup";
    case StartStage::kNewSession:
      return "start a session";
    case StartStage::kSignals:
      return "reset signals";
    case StartStage::kResourceLimits:
      return "set the limit of open files";
    case StartStage::kOomScore:
      return "write /proc/self/oom_score_adj";
    case StartStage::kWorkingDirectory:
      return absl::StrCat("chdir ", request.cwd);
    case StartStage::kGroups:
      return absl::StrCat("set the groups", UserOf(request));
    case StartStage::kGroupId:
      return absl::StrCat("set the group id", UserOf(request));
    case StartStage::kUserId:
      return absl::StrCat("set the user id", UserOf(request));
    case StartStage::kStandardStreams:
      return "set the standard streams";
    case StartStage::kCloseOnExec:
      return "close descriptors";
    case StartStage::kExec:
      return absl::StrCat("exec ", request.program, UserOf(request));
    case StartStage::kWriteStateFiles:
      return "reeve-shim: write pid and starttime";
    case StartStage::kNice:
      return absl::StrCat("set the nice value ", request.nice);
  }
  return absl::StrCat("step ", static_cast<int>(stage));
}

// What to change, after errno's text.
std::string Advice(const StartReport& report, const LaunchRequest& request) {
  if (report.failed_stage == StartStage::kWorkingDirectory &&
      report.error_number == EXDEV) {
    return ": it is outside of the root directory";
  }
  if (report.failed_stage != StartStage::kExec) return "";
  switch (report.error_number) {
    case ENOENT:
      // The kernel says the same of the file after "#!" and of the loader.
      if (access(request.program.c_str(), F_OK) != 0) return "";
      return ": the file is there: is its interpreter missing?";
    case ENOEXEC:
      return ": neither a program of this machine nor a script with \"#!\"";
    case EACCES:
      return ": permission of the file, of a directory above it, or of its "
             "interpreter";
    default:
      return "";
  }
}

LaunchErrorReason Reason(const StartReport& report,
                         const LaunchRequest& request) {
  if (report.failed_stage != StartStage::kExec) {
    return LaunchErrorReason::kOther;
  }
  switch (report.error_number) {
    case ENOENT:
      return access(request.program.c_str(), F_OK) != 0
                 ? LaunchErrorReason::kProgramNotFound
                 : LaunchErrorReason::kProgramNotExecutable;
    case EACCES:
    case EPERM:
    case ENOEXEC:
    case ENOTDIR:
    case EISDIR:
    case ELIBBAD:
    case ELOOP:
    case ETXTBSY:
    case EINVAL:
      return LaunchErrorReason::kProgramNotExecutable;
    default:
      // Too many arguments, no memory: not the program's fault.
      return LaunchErrorReason::kOther;
  }
}

}  // namespace

absl::Status StartError(const StartReport& report,
                        const LaunchRequest& request) {
  const absl::Status status =
      ErrnoStatus(report.error_number, Describe(report.failed_stage, request));
  return WithReason(
      absl::Status(status.code(),
                   absl::StrCat(status.message(), Advice(report, request))),
      Reason(report, request));
}

}  // namespace reeve
