#include "agent/open_files_limit.h"

namespace reeve {

std::optional<rlimit> RaiseOpenFilesLimit() {
  rlimit before;
  if (getrlimit(RLIMIT_NOFILE, &before) != 0) return std::nullopt;
  const rlimit raised{before.rlim_max, before.rlim_max};
  (void)setrlimit(RLIMIT_NOFILE, &raised);
  return before;
}

}  // namespace reeve
