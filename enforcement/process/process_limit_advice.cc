#include "enforcement/process/process_limit_advice.h"

#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "enforcement/process/process_limit_text.h"

namespace reeve {
namespace {

// True also if that cannot be told.
bool Has(unsigned capability) {
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
  if (syscall(SYS_capget, &header, data) != 0) return true;
  return (data[CAP_TO_INDEX(capability)].effective & CAP_TO_MASK(capability)) !=
         0;
}

std::string RlimitAdvice(int resource) {
  if (!Has(CAP_SYS_RESOURCE)) {
    return ": raising a hard limit, and any limit of another user's process, "
           "needs CAP_SYS_RESOURCE, which the agent has not";
  }
  if (resource != RLIMIT_NOFILE) return "";
  const absl::StatusOr<std::string> most = ReadFile("/proc/sys/fs/nr_open");
  if (!most.ok()) return "";
  return absl::StrCat(": /proc/sys/fs/nr_open allows ",
                      absl::StripAsciiWhitespace(*most));
}

std::string SchedAdvice(absl::string_view value) {
  if (!Has(CAP_SYS_NICE)) {
    return ": a real-time policy, and that of another user's process, needs "
           "CAP_SYS_NICE, which the agent has not";
  }
  if (absl::StartsWith(value, "fifo") || absl::StartsWith(value, "rr")) {
    return ": the cgroup has no real-time run time: see cpu.rt_runtime_us, "
           "which is 0 in a new cgroup on v1";
  }
  return "";
}

}  // namespace

std::string ProcessLimitAdvice(absl::string_view file, absl::string_view value,
                               int error_number) {
  if (error_number != EPERM && error_number != EACCES) return "";
  if (file == kSchedFile) return SchedAdvice(value);
  if (file == kOomScoreAdjFile && !Has(CAP_SYS_RESOURCE)) {
    return ": lowering it needs CAP_SYS_RESOURCE, which the agent has not";
  }
  if (file == kNiceFile && !Has(CAP_SYS_NICE)) {
    return ": a lower nice value, and that of another user's process, needs "
           "CAP_SYS_NICE, which the agent has not";
  }
  const std::optional<int> resource = ResourceOfFile(file);
  return resource.has_value() ? RlimitAdvice(*resource) : "";
}

}  // namespace reeve
