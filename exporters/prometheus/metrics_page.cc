#include "exporters/prometheus/metrics_page.h"

#include <utility>

namespace reeve {

MetricsPage::MetricsPage(const SnapshotStore& store,
                         const AgentMetrics& metrics)
    : store_(store), metrics_(metrics) {}

RenderedMetrics MetricsPage::Render() {
  const std::shared_ptr<const Snapshot> snapshot = store_.Latest();
  if (snapshot != nullptr && snapshot->generation != generation_) {
    const size_t size = tasks_->size();
    if (tasks_.use_count() > 1) tasks_ = std::make_shared<std::string>();
    tasks_->clear();
    tasks_->reserve(size);
    renderer_.Append(*snapshot, tasks_.get());
    generation_ = snapshot->generation;
  }
  auto agent = std::make_shared<std::string>();
  metrics_.AppendText(snapshot.get(), agent.get());
  return {tasks_, std::move(agent), generation_};
}

}  // namespace reeve
