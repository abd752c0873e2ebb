#ifndef REEVE_EXPORTERS_PROMETHEUS_COLLECTOR_NAMES_H_
#define REEVE_EXPORTERS_PROMETHEUS_COLLECTOR_NAMES_H_

#include <vector>

#include "absl/strings/string_view.h"

namespace reeve {

// Parts of the page beside those of TaskMetrics(): what groups use, what other
// cgroups of the host use, what the agent counts, and what its own process
// uses.
constexpr char kGroupCollector[] = "group";
constexpr char kCgroupsCollector[] = "cgroups";
constexpr char kAgentCollector[] = "agent";
constexpr char kProcessCollector[] = "process";
// Of the host.
constexpr char kProcessesCollector[] = "processes";

// The names of all parts of the page, in its order.
std::vector<absl::string_view> CollectorNames();

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_COLLECTOR_NAMES_H_
