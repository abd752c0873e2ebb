#ifndef REEVE_EXPORTERS_PROMETHEUS_HOST_CHAPTERS_H_
#define REEVE_EXPORTERS_PROMETHEUS_HOST_CHAPTERS_H_

#include <vector>

#include "exporters/prometheus/host_family.h"

namespace reeve {

// What the documentation tells of the collectors of the host.
std::vector<HostFamilies> HostChapters();

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_HOST_CHAPTERS_H_
