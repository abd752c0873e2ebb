#include "collectors/procfs/vmstat.h"

#include "absl/status/status.h"
#include "base/flat_keyed.h"

namespace reeve {

absl::StatusOr<Vmstat> ParseVmstat(absl::string_view contents) {
  Vmstat vmstat;
  const absl::Status scanned =
      ScanFlatKeyed(contents, {{"pswpin", &vmstat.pswpin},
                               {"pswpout", &vmstat.pswpout},
                               {"pgmajfault", &vmstat.pgmajfault},
                               {"oom_kill", &vmstat.oom_kill}});
  if (!scanned.ok()) return scanned;
  return vmstat;
}

}  // namespace reeve
