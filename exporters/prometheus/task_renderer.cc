#include "exporters/prometheus/task_renderer.h"

#include <utility>

#include "exporters/prometheus/cadvisor_metrics.h"
#include "exporters/prometheus/group_metrics.h"
#include "exporters/prometheus/task_metrics.h"

namespace reeve {

TaskRenderer::TaskRenderer(TextFormat format)
    : tasks_(TaskMetrics(), format), groups_(GroupMetrics(), format) {}

TaskRenderer::TaskRenderer(SeriesRenderer tasks, SeriesRenderer groups)
    : tasks_(std::move(tasks)), groups_(std::move(groups)) {}

TaskRenderer TaskRenderer::ForCadvisor() {
  constexpr auto kText = TextFormat::kPrometheus;
  return {SeriesRenderer(CadvisorMetrics(), kText, AppendCadvisorIdentity),
          SeriesRenderer({}, kText)};
}

void TaskRenderer::Append(const Snapshot& snapshot, std::string* page) {
  tasks_.Append(snapshot.tasks, page);
  groups_.Append(snapshot.groups, page);
}

void TaskRenderer::Render(const Snapshot& snapshot,
                          std::vector<PagePiece>* pieces) {
  pieces->resize(tasks_.pieces() + groups_.pieces());
  tasks_.Render(snapshot.tasks, pieces->data());
  groups_.Render(snapshot.groups, pieces->data() + tasks_.pieces());
}

}  // namespace reeve
