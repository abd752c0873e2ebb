#include "agent/spec/trusted_writers.h"

#include <unistd.h>

#include "absl/strings/str_cat.h"

namespace reeve {

absl::Status CheckWriters(const struct stat& info, TrustedWriters writers) {
  if (writers == TrustedWriters::kAnybody) return absl::OkStatus();
  if (info.st_uid != 0 && info.st_uid != geteuid()) {
    return absl::PermissionDeniedError(absl::StrCat(
        "it is user ", info.st_uid, "'s: give it to root or the agent's user"));
  }
  if ((info.st_mode & 022) != 0) {
    return absl::PermissionDeniedError(
        "others than its owner may write to it: chmod go-w");
  }
  return absl::OkStatus();
}

}  // namespace reeve
