#include "agent/state/attempt_files.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "agent/state/record_json.h"
#include "base/file.h"
#include "base/regular_file.h"
#include "enforcement/exit_status.h"

namespace reeve {
namespace {

constexpr char kFile[] = "attempt.json";
constexpr int kMaxCode = 255;

// As enforcement/exit_status makes them.
bool IsExit(const v1::ExitStatus& exit) {
  return exit.code() >= ExitStatus::kUnknown && exit.code() <= kMaxCode;
}

}  // namespace

absl::Status WriteAttempt(int dir_fd, const state::AttemptRecord& record) {
  return ReplaceFileAt(dir_fd, kFile, RecordToJson(record), 0600);
}

absl::StatusOr<state::AttemptRecord> ParseAttempt(absl::string_view json) {
  state::AttemptRecord record;
  const absl::Status status = RecordFromJson(json, kFile, &record);
  if (!status.ok()) return status;
  if (record.attempt() == 0 || record.restarts_in_row() > record.attempt() ||
      (record.has_last_exit() && !IsExit(record.last_exit()))) {
    return absl::DataLossError(
        absl::StrCat(kFile, " is not of an attempt that can be"));
  }
  return record;
}

absl::StatusOr<state::AttemptRecord> ReadAttempt(int dir_fd) {
  const absl::StatusOr<std::string> json = ReadRegularFileAt(dir_fd, kFile);
  if (!json.ok()) return json.status();
  return ParseAttempt(*json);
}

}  // namespace reeve
