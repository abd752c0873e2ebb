#include "collectors/procfs/pid_stat.h"

#include <cstddef>
#include <limits>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/kernel_number.h"

namespace reeve {
namespace {

// Numbers of the fields, counted from 1 as in proc(5).
constexpr int kState = 3;
constexpr int kPpid = 4;
constexpr int kFlags = 9;
constexpr int kUtime = 14;
constexpr int kStime = 15;
constexpr int kStarttime = 22;

absl::Status Malformed(absl::string_view contents) {
  return absl::DataLossError(absl::StrCat("not the stat of a process: \"",
                                          absl::CEscape(contents.substr(0, 60)),
                                          "\""));
}

std::optional<pid_t> PidFrom(absl::string_view text) {
  const std::optional<uint64_t> pid = DecimalFrom(text);
  if (!pid.has_value() || *pid > std::numeric_limits<pid_t>::max()) {
    return std::nullopt;
  }
  return static_cast<pid_t>(*pid);
}

}  // namespace

// 1234 (my prog) S PPID 1234 1234 0 -1 4194304 90 0 0 0 UTIME STIME 0 0 20 0 1
// 0 STARTTIME ...
absl::StatusOr<PidStat> ParsePidStat(absl::string_view contents) {
  const size_t open = contents.find(" (");
  // The name may hold parentheses, what follows it does not.
  const size_t close = contents.rfind(") ");
  if (open == absl::string_view::npos || close == absl::string_view::npos ||
      close < open + 2) {
    return Malformed(contents);
  }
  const std::optional<pid_t> pid = PidFrom(contents.substr(0, open));
  std::optional<pid_t> ppid;
  std::optional<uint64_t> utime;
  std::optional<uint64_t> stime;
  std::optional<uint64_t> starttime;
  std::optional<uint64_t> flags;
  char state = 0;
  absl::string_view rest = contents.substr(close + 2);
  for (int field = kState; field <= kStarttime && !rest.empty(); ++field) {
    const absl::string_view text = rest.substr(0, rest.find(' '));
    if (field == kState && text.size() == 1) state = text[0];
    if (field == kFlags) flags = DecimalFrom(text);
    if (field == kPpid) ppid = PidFrom(text);
    if (field == kUtime) utime = DecimalFrom(text);
    if (field == kStime) stime = DecimalFrom(text);
    if (field == kStarttime) starttime = DecimalFrom(text);
    rest.remove_prefix(text.size() < rest.size() ? text.size() + 1
                                                 : rest.size());
  }
  if (!pid.has_value() || !ppid.has_value() || !utime.has_value() ||
      !stime.has_value() || !starttime.has_value() || !flags.has_value() ||
      state == 0) {
    return Malformed(contents);
  }
  return PidStat{
      *pid,   std::string(contents.substr(open + 2, close - open - 2)),
      *ppid,  *utime,
      *stime, *starttime,
      state,  *flags};
}

}  // namespace reeve
