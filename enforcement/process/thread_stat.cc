#include "enforcement/process/thread_stat.h"

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"

namespace reeve {
namespace {

// Of the fields behind the name, counted from 0: 3, 4 and 22 of proc(5).
constexpr size_t kState = 0;
constexpr size_t kParent = 1;
constexpr size_t kStartTime = 19;

}  // namespace

// 1234 (my prog) S PPID ... STARTTIME ...
absl::StatusOr<ThreadStat> ParseThreadStat(absl::string_view contents) {
  // The name may hold parentheses, what follows it does not.
  const size_t name_end = contents.rfind(") ");
  ThreadStat stat;
  if (name_end != absl::string_view::npos) {
    const std::vector<absl::string_view> fields =
        absl::StrSplit(contents.substr(name_end + 2), ' ');
    if (fields.size() > kStartTime && fields[kState].size() == 1 &&
        absl::SimpleAtoi(fields[kParent], &stat.parent) &&
        absl::SimpleAtoi(fields[kStartTime], &stat.start_time_ticks)) {
      stat.state = fields[kState][0];
      return stat;
    }
  }
  return absl::DataLossError(absl::StrCat("not the stat of a thread: \"",
                                          absl::CEscape(contents.substr(0, 60)),
                                          "\""));
}

absl::StatusOr<ThreadStat> ReadThreadStat(pid_t pid, pid_t tid) {
  const absl::StatusOr<std::string> text =
      ReadFile(absl::StrCat("/proc/", pid, "/task/", tid, "/stat"));
  if (!text.ok()) return text.status();
  return ParseThreadStat(*text);
}

}  // namespace reeve
