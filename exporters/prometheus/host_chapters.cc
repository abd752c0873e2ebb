#include "exporters/prometheus/host_chapters.h"

#include "exporters/prometheus/filesystem_metrics.h"
#include "exporters/prometheus/host_metrics.h"

namespace reeve {

std::vector<HostFamilies> HostChapters() {
  return {
      {"The host",
       "With `--collector.host`. Counters are the kernel's own, since the "
       "machine was started.\n"
       "[host.md](host.md) tells which disks and interfaces are there.",
       FamiliesOf(HostMetrics())},
      {"File systems",
       "With `--collector.filesystems`: those of disks and servers, each once. "
       "[host.md](host.md)\ntells which.",
       FamiliesOf(FilesystemMetrics())},
  };
}

}  // namespace reeve
