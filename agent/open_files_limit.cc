#include "agent/open_files_limit.h"

#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

constexpr rlim_t kLeastFiles = 64;

}  // namespace

absl::Status CheckOpenFilesLimit() {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max >= kLeastFiles) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "it may open ", limit.rlim_max, " files and needs ", kLeastFiles,
      ", and a dozen for each task: raise LimitNOFILE= of its unit, or ulimit "
      "-Hn"));
}

std::optional<rlimit> RaiseOpenFilesLimit() {
  rlimit before;
  if (getrlimit(RLIMIT_NOFILE, &before) != 0) return std::nullopt;
  const rlimit raised{before.rlim_max, before.rlim_max};
  (void)setrlimit(RLIMIT_NOFILE, &raised);
  return before;
}

}  // namespace reeve
