#include "agent/doctor/realtime_check.h"

#include <unistd.h>

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace reeve {
namespace {

// capability.h; named here so that no library is needed for one bit.
constexpr int kCapSysNice = 23;

bool HasSysNice(absl::string_view status) {
  for (absl::string_view line : absl::StrSplit(status, '\n')) {
    const std::pair<absl::string_view, absl::string_view> field =
        absl::StrSplit(line, absl::MaxSplits(':', 1));
    uint64_t capabilities = 0;
    if (field.first == "CapEff" &&
        absl::SimpleHexAtoi(absl::StripAsciiWhitespace(field.second),
                            &capabilities)) {
      return (capabilities >> kCapSysNice & 1) != 0;
    }
  }
  return false;
}

}  // namespace

RealtimeShare RealtimeGroups(const CgroupMounts& mounts) {
  const CgroupHierarchy* cpu = mounts.Find("cpu");
  if (cpu == nullptr || cpu->version == CgroupVersion::kV2) {
    return RealtimeShare::kCommon;
  }
  const std::string file = absl::StrCat(cpu->mount_point, "/cpu.rt_runtime_us");
  return access(file.c_str(), F_OK) == 0 ? RealtimeShare::kNoneOfItsOwn
                                         : RealtimeShare::kCommon;
}

Finding CheckRealtime(absl::string_view status, uint64_t rtprio,
                      RealtimeShare share) {
  const std::string check = "realtime scheduling";
  if (!HasSysNice(status) && rtprio == 0) {
    return {check, Verdict::kWarn,
            "refused: no CAP_SYS_NICE, and RLIMIT_RTPRIO is 0",
            "run as root, or raise it: LimitRTPRIO=99"};
  }
  if (share == RealtimeShare::kNoneOfItsOwn) {
    return {check, Verdict::kWarn,
            "refused: the cgroup of a task has no realtime time of its own "
            "(cpu.rt_runtime_us is 0)",
            "boot with a kernel without CONFIG_RT_GROUP_SCHED, or use cgroup "
            "v2"};
  }
  return {check, Verdict::kOk, "tasks can have it", ""};
}

}  // namespace reeve
