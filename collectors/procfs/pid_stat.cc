#include "collectors/procfs/pid_stat.h"

#include <charconv>
#include <cstddef>
#include <limits>
#include <optional>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/kernel_number.h"

namespace reeve {
namespace {

absl::Status Malformed(absl::string_view contents) {
  return absl::DataLossError(absl::StrCat("not the stat of a process: \"",
                                          absl::CEscape(contents.substr(0, 60)),
                                          "\""));
}

std::optional<pid_t> PidFrom(std::optional<uint64_t> pid) {
  if (!pid.has_value() || *pid > std::numeric_limits<pid_t>::max()) {
    return std::nullopt;
  }
  return static_cast<pid_t>(*pid);
}

// What follows the name, field by field.
class Fields {
 public:
  explicit Fields(absl::string_view text)
      : next_(text.data()), end_(text.data() + text.size()) {}

  // A field of one character; 0 if it is none.
  char Character() {
    if (end_ - next_ < 2 || next_[1] != ' ') return 0;
    next_ += 2;
    return next_[-2];
  }

  // Absent if it is not a number, or if there is no field any more.
  std::optional<uint64_t> Number() {
    uint64_t value = 0;
    const auto [stopped_at, error] = std::from_chars(next_, end_, value);
    if (error != std::errc()) return std::nullopt;
    if (stopped_at != end_ && *stopped_at != ' ' && *stopped_at != '\n') {
      return std::nullopt;
    }
    next_ = stopped_at == end_ ? end_ : stopped_at + 1;
    return value;
  }

  void Skip(int fields) {
    for (; fields > 0; --fields) {
      while (next_ != end_ && *next_ != ' ') ++next_;
      if (next_ != end_) ++next_;
    }
  }

 private:
  const char* next_;
  const char* const end_;
};

// Takes a number over if there is one.
bool Take(std::optional<uint64_t> number, uint64_t& target) {
  target = number.value_or(0);
  return number.has_value();
}

}  // namespace

// 1234 (my prog) S PPID 1234 1234 0 -1 FLAGS MINFLT 0 MAJFLT 0 UTIME STIME 0 0
// 20 0 NUM_THREADS 0 STARTTIME VSIZE RSS ...
absl::StatusOr<PidStat> ParsePidStat(absl::string_view contents) {
  const size_t open = contents.find(" (");
  // The name may hold parentheses, what follows it does not.
  const size_t close = contents.rfind(") ");
  if (open == absl::string_view::npos || close == absl::string_view::npos ||
      close < open + 2) {
    return Malformed(contents);
  }
  PidStat stat;
  Fields fields(contents.substr(close + 2));
  const std::optional<pid_t> pid =
      PidFrom(DecimalFrom(contents.substr(0, open)));
  stat.state = fields.Character();
  const std::optional<pid_t> ppid = PidFrom(fields.Number());
  fields.Skip(4);  // pgrp, session, tty_nr, tpgid
  bool ok = pid.has_value() && ppid.has_value() && stat.state != 0;
  ok = Take(fields.Number(), stat.flags) && ok;
  ok = Take(fields.Number(), stat.minflt) && ok;
  fields.Skip(1);  // cminflt
  ok = Take(fields.Number(), stat.majflt) && ok;
  fields.Skip(1);  // cmajflt
  ok = Take(fields.Number(), stat.utime) && ok;
  ok = Take(fields.Number(), stat.stime) && ok;
  fields.Skip(4);  // cutime, cstime, priority, nice
  ok = Take(fields.Number(), stat.num_threads) && ok;
  fields.Skip(1);  // itrealvalue
  ok = Take(fields.Number(), stat.starttime) && ok;
  if (!ok) return Malformed(contents);
  stat.vsize = fields.Number();
  stat.rss = fields.Number();
  stat.pid = *pid;
  stat.ppid = *ppid;
  stat.comm.assign(contents.data() + open + 2, close - open - 2);
  return stat;
}

}  // namespace reeve
