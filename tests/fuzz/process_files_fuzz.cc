// Files of a process below /proc/PID.

#include "collectors/procfs/open_files_limit.h"
#include "collectors/procfs/pid_cgroup.h"
#include "collectors/procfs/pid_io.h"
#include "collectors/procfs/pid_stat.h"
#include "collectors/procfs/pid_status.h"
#include "tests/fuzz/fuzz_check.h"

namespace reeve {
namespace {

void Check(const absl::Status& status) {
  FUZZ_CHECK(status.ok() || absl::IsDataLoss(status));
}

void TryStat(absl::string_view text) {
  const auto stat = ParsePidStat(text);
  Check(stat.status());
  if (!stat.ok()) return;
  FUZZ_CHECK(stat->pid >= 0 && stat->ppid >= 0);
  FUZZ_CHECK(stat->comm.size() < text.size());
}

void TryCgroup(absl::string_view text) {
  const auto path = MainCgroupPath(text);
  Check(path.status());
  if (!path.ok()) return;
  bool is_listed = false;
  VisitCgroupPaths(text, [&](absl::string_view listed) {
    FUZZ_CHECK(!listed.empty() && listed[0] == '/');
    is_listed = is_listed || listed == *path;
    return true;
  });
  FUZZ_CHECK(is_listed);
}

}  // namespace
}  // namespace reeve

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = reeve::TextOf(data, size);
  reeve::TryStat(text);
  reeve::TryCgroup(text);
  reeve::Check(reeve::ParsePidStatus(text).status());
  reeve::Check(reeve::ParsePidIo(text).status());
  reeve::Check(reeve::ParseOpenFilesLimit(text).status());
  (void)reeve::ParseContextSwitches(text);
  return 0;
}
