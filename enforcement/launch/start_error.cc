#include "enforcement/launch/start_error.h"

#include <cerrno>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "base/file.h"
#include "enforcement/launch/launch_error.h"
#include "enforcement/process/process_limit_advice.h"
#include "enforcement/process/process_limit_text.h"
#include "enforcement/spec/scheduling_policy_text.h"

namespace reeve {
namespace {

std::string UserOf(const LaunchRequest& request) {
  if (!request.credentials) return "";
  const Credentials& credentials = *request.credentials;
  return absl::StrCat(" as user ", credentials.name.empty()
                                       ? absl::StrCat(credentials.uid)
                                       : credentials.name);
}

// The limit that a process keeps and that a step sets.
struct ProcessLimitStep {
  std::string file;
  std::string value;
};

ProcessLimitStep RlimitStep(int resource, const LaunchRequest& request) {
  ProcessLimitStep step = {RlimitFile(resource), ""};
  for (const Rlimit& rlimit : request.rlimits) {
    if (rlimit.resource == resource) step.value = RlimitText(rlimit);
  }
  return step;
}

std::optional<ProcessLimitStep> ProcessLimitStepOf(
    const StartReport& report, const LaunchRequest& request) {
  switch (report.failed_stage) {
    case StartStage::kResourceLimits:
      return RlimitStep(report.item, request);
    case StartStage::kOomScore:
      return ProcessLimitStep{kOomScoreAdjFile,
                              absl::StrCat(request.oom_score_adj.value_or(0))};
    case StartStage::kNice:
      return ProcessLimitStep{kNiceFile, absl::StrCat(request.nice)};
    case StartStage::kSchedulingPolicy:
      return ProcessLimitStep{
          kSchedFile, SchedulingPolicyText(
                          request.scheduling.value_or(SchedulingPolicy()))};
    default:
      return std::nullopt;
  }
}

// Of the program that was found, or the first that was looked for.
std::string ProgramOf(const StartReport& report, const LaunchRequest& request) {
  const int32_t index = report.item & ~kProgramIsThere;
  const auto others = static_cast<int32_t>(request.other_programs.size());
  if ((report.item & kProgramIsThere) == 0 || index <= 0 || index > others) {
    return request.program;
  }
  return request.other_programs[static_cast<size_t>(index - 1)];
}

std::string DescribeExec(const StartReport& report,
                         const LaunchRequest& request) {
  std::string text =
      absl::StrCat("exec ", ProgramOf(report, request), UserOf(request));
  const std::vector<std::string>& others = request.other_programs;
  if (!others.empty() && (report.item & kProgramIsThere) == 0) {
    absl::StrAppend(&text, " (nor ", absl::StrJoin(others, ", "),
                    ", in the root)");
  }
  return text;
}

std::string DescribeStep(const StartReport& report,
                         const LaunchRequest& request) {
  const std::vector<RootStep>& steps = request.isolation.steps;
  const auto index = static_cast<size_t>(report.item);
  if (index >= steps.size()) return absl::StrCat("root step ", report.item);
  const RootStep& step = steps[index];
  switch (step.kind) {
    case RootStepKind::kMountTree:
      return absl::StrCat("mount ", step.text, " on ", step.target,
                          " of the root");
    case RootStepKind::kMountFilesystem:
      return absl::StrCat("mount a new ", step.text, " on ", step.target,
                          " of the root");
    case RootStepKind::kDevice:
      return absl::StrCat("make the device ", step.target, " of the root");
    case RootStepKind::kSymlink:
      return absl::StrCat("make the link ", step.target, " of the root");
    case RootStepKind::kDirectory:
      return absl::StrCat("make the directory ", step.target, " of the root");
    case RootStepKind::kMask:
      return absl::StrCat("mask ", step.target, " of the root");
    case RootStepKind::kReadOnly:
      return absl::StrCat("make ", step.target, " of the root read-only");
    case RootStepKind::kLandlockRule:
      return absl::StrCat("landlock rule ", step.text, ":", step.target);
  }
  return absl::StrCat("root step ", report.item);
}

std::string Describe(const StartReport& report, const LaunchRequest& request) {
  switch (report.failed_stage) {
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
    case StartStage::kControllingTty:
      return "make standard input the controlling terminal";
    case StartStage::kCloseOnExec:
      return "close descriptors";
    case StartStage::kExec:
      return DescribeExec(report, request);
    case StartStage::kWriteStateFiles:
      return "reeve-shim: write pid and starttime";
    case StartStage::kNoNewPrivileges:
      return "set no_new_privs";
    case StartStage::kLandlock:
      return "restrict the task by its landlock rules";
    case StartStage::kJoinNamespaces:
      return "join the namespaces of the task";
    case StartStage::kCgroupNamespace:
      return "make a cgroup namespace";
    case StartStage::kJoinNetwork:
      return "join the network namespace";
    case StartStage::kLoopback:
      return "bring the loopback device up";
    case StartStage::kHostname:
      return absl::StrCat("set the host name ", request.isolation.hostname);
    case StartStage::kPrivateMounts:
      return "separate the mounts from the host's";
    case StartStage::kAttachRoot:
      return "mount the root";
    case StartStage::kRootStep:
      return DescribeStep(report, request);
    case StartStage::kReadOnlyRoot:
      return "make the root read-only";
    case StartStage::kPivotRoot:
      return "pivot_root";
    case StartStage::kChroot:
      return "chroot";
    case StartStage::kKeyring:
      return "join a session keyring of its own";
    case StartStage::kCapabilities:
      return "set the capabilities";
    case StartStage::kSeccomp:
      return "install the filter of system calls";
    case StartStage::kLabel:
      return absl::StrCat("set the label ", request.isolation.label);
    case StartStage::kIdMap:
      return "set the id maps of the user namespace";
    case StartStage::kIdMapOfRoot:
      return "map the ids of the files of the root, which not every file "
             "system can";
    case StartStage::kInit:
      return "start process 1 of the pid namespace";
    case StartStage::kResourceLimits:
    case StartStage::kOomScore:
    case StartStage::kNice:
    case StartStage::kSchedulingPolicy:
      break;
  }
  return absl::StrCat("step ", static_cast<int>(report.failed_stage));
}

std::string StepAdvice(const StartReport& report) {
  switch (report.error_number) {
    case EEXIST:
    case ELOOP:
      return ": it is or is reached by a symbolic link of the root";
    case EROFS:
      return ": it is missing and the root cannot be written: make it first";
    case EXDEV:
      return ": it leads out of the root";
    default:
      return "";
  }
}

// What to change, after errno's text.
std::string Advice(const StartReport& report, const LaunchRequest& request) {
  if (report.failed_stage == StartStage::kWorkingDirectory &&
      report.error_number == EXDEV) {
    return ": it is outside of the root directory";
  }
  if (report.failed_stage == StartStage::kRootStep) return StepAdvice(report);
  if (report.failed_stage != StartStage::kExec) return "";
  switch (report.error_number) {
    case ENOENT:
      // The kernel says the same of the file after "#!" and of the loader.
      if ((report.item & kProgramIsThere) == 0) return "";
      return ": the file is there: is its interpreter missing?";
    case ENOEXEC:
      return ": neither a program of this machine nor a script with \"#!\"";
    case EACCES:
      return request.landlock
                 ? ": permission of the file or its interpreter, or no "
                   "landlock rule lets them be read and run, as rx:/usr does"
                 : ": permission of the file, of a directory above it, or of "
                   "its interpreter";
    case EAGAIN:
      return ": the user has more processes than its rlimit nproc allows";
    default:
      return "";
  }
}

absl::Status ProcessLimitError(const ProcessLimitStep& step, int error_number) {
  const absl::Status status = ErrnoStatus(
      error_number, absl::StrCat("set ", step.file, " to ", step.value));
  return absl::Status(
      status.code(),
      absl::StrCat(
          status.message(),
          error_number == EPROTO
              ? ": the kernel made it another value"
              : ProcessLimitAdvice(step.file, step.value, error_number)));
}

LaunchErrorReason Reason(const StartReport& report) {
  if (report.failed_stage != StartStage::kExec) {
    return LaunchErrorReason::kOther;
  }
  switch (report.error_number) {
    case ENOENT:
      return (report.item & kProgramIsThere) == 0
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
  if (const auto step = ProcessLimitStepOf(report, request)) {
    return ProcessLimitError(*step, report.error_number);
  }
  const absl::Status status =
      ErrnoStatus(report.error_number, Describe(report, request));
  return WithReason(
      absl::Status(status.code(),
                   absl::StrCat(status.message(), Advice(report, request))),
      Reason(report));
}

}  // namespace reeve
