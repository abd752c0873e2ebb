#ifndef REEVE_EXPORTERS_PROMETHEUS_SERIES_RENDERER_H_
#define REEVE_EXPORTERS_PROMETHEUS_SERIES_RENDERER_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "collectors/snapshot.h"
#include "collectors/task_target.h"
#include "exporters/prometheus/page_piece.h"
#include "exporters/prometheus/task_metric.h"
#include "exporters/prometheus/text_format.h"

namespace reeve {

// `task="web",task_group="shop"`, or of a group `task_group="shop"`.
void AppendTaskIdentity(const TaskTarget& target, std::string* out);

// Writes the families of one table for any number of tasks, or of groups, as
// text for Prometheus. It keeps its buffers, so that a page costs no allocation
// once pages of its size have been written. Thread-compatible.
class SeriesRenderer {
 public:
  using Subjects = std::vector<std::shared_ptr<const TaskSnapshot>>;

  // Writes the labels that tell a subject from others, without braces.
  using IdentityWriter = void (*)(const TaskTarget& target, std::string* out);

  SeriesRenderer(std::vector<TaskMetric> metrics, TextFormat format,
                 IdentityWriter identity = AppendTaskIdentity);

  // Adds every family that has a series to `page`.
  void Append(const Subjects& subjects, std::string* page);

  // The same, with the families of each collector that stand together as a
  // piece. Writes pieces() pieces from `piece` on; what they held is replaced.
  void Render(const Subjects& subjects, PagePiece* piece);
  size_t pieces() const { return pieces_; }

 private:
  void PrepareLabels(const Subjects& subjects);
  void AppendFamily(size_t metric, const Subjects& subjects, std::string* page);

  const std::vector<TaskMetric> metrics_;
  const IdentityWriter append_identity_;
  size_t pieces_ = 0;
  // Of each family, its comment lines.
  std::vector<std::string> headers_;
  // Of each counter in OpenMetrics, the name of the samples that tell since
  // when it counts; empty for others.
  std::vector<std::string> created_names_;
  // Of each subject on the page, the labels that tell it from the others, one
  // after the other in `labels_`; a subject's end is the next one's beginning.
  std::string labels_;
  std::vector<size_t> label_ends_;
  // Some subject on the page has values of optional collectors.
  bool has_extra_ = false;
};

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_SERIES_RENDERER_H_
