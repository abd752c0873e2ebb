#include "enforcement/exit_status.h"

#include <sys/wait.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace reeve {
namespace {

// As a shell does.
constexpr int kSignalBase = 128;
constexpr int kMaxCode = 255;
constexpr int kMaxSignal = 64;

absl::Status Malformed(absl::string_view contents) {
  return absl::DataLossError(
      absl::StrCat("exitStatus holds \"", contents.substr(0, 80),
                   "\", not \"CODE SIGNAL UNIX_NANOS\""));
}

}  // namespace

ExitStatus ExitStatusFromWait(int wait_status, absl::Time exited_at) {
  ExitStatus status;
  status.exited_at = exited_at;
  if (WIFEXITED(wait_status)) {
    status.code = WEXITSTATUS(wait_status);
  } else if (WIFSIGNALED(wait_status)) {
    status.signal = WTERMSIG(wait_status);
    status.code = kSignalBase + status.signal;
  } else {
    status.reason = absl::StrCat("wait status ", wait_status, " is no exit");
  }
  return status;
}

ExitStatus UnknownExit(absl::string_view reason, absl::Time exited_at) {
  ExitStatus status;
  status.reason = std::string(reason);
  status.exited_at = exited_at;
  return status;
}

absl::StatusOr<ExitStatus> ParseExitStatusFile(absl::string_view contents) {
  if (contents.empty()) {
    return absl::NotFoundError("exitStatus is empty: the task has not exited");
  }
  absl::string_view line = contents;
  // The number parser alone would let signs and white space pass.
  if (!absl::ConsumeSuffix(&line, "\n") ||
      line.find_first_not_of("0123456789 ") != absl::string_view::npos) {
    return Malformed(contents);
  }

  const std::vector<absl::string_view> fields = absl::StrSplit(line, ' ');
  ExitStatus status;
  int64_t unix_nanos = 0;
  if (fields.size() != 3 || !absl::SimpleAtoi(fields[0], &status.code) ||
      !absl::SimpleAtoi(fields[1], &status.signal) ||
      !absl::SimpleAtoi(fields[2], &unix_nanos)) {
    return Malformed(contents);
  }
  const bool by_signal = status.signal != 0;
  if (status.code > kMaxCode || status.signal > kMaxSignal ||
      (by_signal && status.code != kSignalBase + status.signal)) {
    return Malformed(contents);
  }
  status.exited_at = absl::FromUnixNanos(unix_nanos);
  return status;
}

}  // namespace reeve
