#ifndef REEVE_EXPORTERS_PROMETHEUS_TASK_RENDERER_H_
#define REEVE_EXPORTERS_PROMETHEUS_TASK_RENDERER_H_

#include <string>
#include <vector>

#include "collectors/snapshot.h"
#include "exporters/prometheus/page_piece.h"
#include "exporters/prometheus/series_renderer.h"
#include "exporters/prometheus/text_format.h"

namespace reeve {

// Writes the metrics of the tasks and groups of a snapshot as text, without
// an allocation: see SeriesRenderer. Thread-compatible.
class TaskRenderer {
 public:
  explicit TaskRenderer(TextFormat format = TextFormat::kPrometheus);

  // Writes tasks alone, under cAdvisor's names.
  static TaskRenderer ForCadvisor();

  // Adds every family that has a series to `page`.
  void Append(const Snapshot& snapshot, std::string* page);

  // The same in pieces, into the buffers of earlier ones. The pieces of every
  // snapshot are the same ones; those without a series are empty.
  void Render(const Snapshot& snapshot, std::vector<PagePiece>* pieces);

 private:
  TaskRenderer(SeriesRenderer tasks, SeriesRenderer groups);

  SeriesRenderer tasks_;
  SeriesRenderer groups_;
};

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_TASK_RENDERER_H_
