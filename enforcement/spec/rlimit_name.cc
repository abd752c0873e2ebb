#include "enforcement/spec/rlimit_name.h"

#include <sys/resource.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace reeve {
namespace {

struct NamedRlimit {
  absl::string_view name;
  int resource;
  bool is_in_bytes;
};

constexpr NamedRlimit kRlimits[] = {
    {"as", RLIMIT_AS, true},
    {"core", RLIMIT_CORE, true},
    {"cpu", RLIMIT_CPU, false},
    {"data", RLIMIT_DATA, true},
    {"fsize", RLIMIT_FSIZE, true},
    {"locks", RLIMIT_LOCKS, false},
    {"memlock", RLIMIT_MEMLOCK, true},
    {"msgqueue", RLIMIT_MSGQUEUE, true},
    {"nice", RLIMIT_NICE, false},
    {"nofile", RLIMIT_NOFILE, false},
    {"nproc", RLIMIT_NPROC, false},
    {"rss", RLIMIT_RSS, true},
    {"rtprio", RLIMIT_RTPRIO, false},
    {"rttime", RLIMIT_RTTIME, false},
    {"sigpending", RLIMIT_SIGPENDING, false},
    {"stack", RLIMIT_STACK, true},
};
static_assert(sizeof(kRlimits) / sizeof(kRlimits[0]) == RLIM_NLIMITS,
              "the kernel has one that is not named here");

}  // namespace

absl::StatusOr<int> ParseRlimitName(absl::string_view name) {
  std::vector<absl::string_view> names;
  for (const NamedRlimit& rlimit : kRlimits) {
    if (rlimit.name == name) return rlimit.resource;
    names.push_back(rlimit.name);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("rlimit \"", absl::CHexEscape(name), "\": give one of ",
                   absl::StrJoin(names, ", ")));
}

absl::string_view RlimitName(int resource) {
  for (const NamedRlimit& rlimit : kRlimits) {
    if (rlimit.resource == resource) return rlimit.name;
  }
  return "";
}

bool IsRlimitInBytes(int resource) {
  for (const NamedRlimit& rlimit : kRlimits) {
    if (rlimit.resource == resource) return rlimit.is_in_bytes;
  }
  return false;
}

}  // namespace reeve
