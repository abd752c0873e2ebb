#ifndef REEVE_EXPORTERS_PROMETHEUS_METRICS_PAGE_H_
#define REEVE_EXPORTERS_PROMETHEUS_METRICS_PAGE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "collectors/snapshot_store.h"
#include "exporters/prometheus/agent_metrics.h"
#include "exporters/prometheus/task_renderer.h"

namespace reeve {

// One page of metrics: its text is `tasks` followed by `agent`.
struct RenderedMetrics {
  // Shared by every page of the same snapshot.
  std::shared_ptr<const std::string> tasks;
  std::shared_ptr<const std::string> agent;
  // Of the snapshot on the page; 0 if there was none yet.
  uint64_t generation = 0;
};

// Renders the latest snapshot: once, however many ask for it, and into the
// buffer of an earlier one where nobody reads that any more. Thread-compatible.
class MetricsPage {
 public:
  // Both must outlive the page.
  MetricsPage(const SnapshotStore& store, const AgentMetrics& metrics);

  RenderedMetrics Render();

 private:
  const SnapshotStore& store_;
  const AgentMetrics& metrics_;
  TaskRenderer renderer_;
  std::shared_ptr<std::string> tasks_ = std::make_shared<std::string>();
  uint64_t generation_ = 0;
};

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_METRICS_PAGE_H_
