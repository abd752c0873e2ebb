// The files of /proc that tell of the machine as a whole.

#include "collectors/host/mount_table.h"
#include "collectors/procfs/diskstats.h"
#include "collectors/procfs/file_nr.h"
#include "collectors/procfs/host_load.h"
#include "collectors/procfs/loadavg.h"
#include "collectors/procfs/meminfo.h"
#include "collectors/procfs/proc_stat.h"
#include "collectors/procfs/schedstat.h"
#include "collectors/procfs/vmstat.h"
#include "tests/fuzz/fuzz_check.h"

namespace reeve {
namespace {

template <typename Parsed>
void CheckStatus(const Parsed& parsed) {
  FUZZ_CHECK(parsed.ok() || absl::IsDataLoss(parsed.status()));
}

}  // namespace
}  // namespace reeve

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = reeve::TextOf(data, size);
  const auto stat = reeve::ParseProcStat(text);
  reeve::CheckStatus(stat);
  if (stat.ok()) (void)reeve::CpuTimesFrom(*stat);
  reeve::CheckStatus(reeve::ParseMeminfo(text));
  reeve::CheckStatus(reeve::ParseVmstat(text));
  reeve::CheckStatus(reeve::ParseSchedstat(text));
  reeve::CheckStatus(reeve::ParseLoadavg(text));
  (void)reeve::ParseRecentPressure(text);

  const auto file_nr = reeve::ParseFileNr(text);
  reeve::CheckStatus(file_nr);

  const auto disks = reeve::ParseDiskstats(text);
  reeve::CheckStatus(disks);
  if (disks.ok()) {
    for (const reeve::DiskCounters& disk : *disks) {
      FUZZ_CHECK(!disk.device.empty());
    }
  }
  for (const reeve::MountedFilesystem& one : reeve::ParseMountTable(text)) {
    FUZZ_CHECK(!one.mount_point.empty());
  }
  return 0;
}
