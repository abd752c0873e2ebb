#include "exporters/prometheus/task_renderer.h"

#include <memory>

#include "absl/strings/string_view.h"
#include "absl/types/variant.h"
#include "exporters/prometheus/task_metrics.h"
#include "exporters/prometheus/text_format.h"

namespace reeve {
namespace {

struct ValueWriter {
  std::string* out;

  void operator()(absl::monostate) const {}
  void operator()(uint64_t value) const { AppendNumber(value, out); }
  void operator()(double value) const { AppendNumber(value, out); }
  void operator()(Nanoseconds value) const { AppendSeconds(value.count, out); }
};

void Append(absl::string_view text, std::string* out) {
  out->append(text.data(), text.size());
}

void AppendInfoLabels(const TaskTarget& target, std::string* out) {
  for (const auto& label : target.info) {
    out->push_back(',');
    AppendLabel(label.first, label.second, out);
  }
}

}  // namespace

TaskRenderer::TaskRenderer() : metrics_(TaskMetrics()) {
  headers_.reserve(metrics_.size());
  for (const TaskMetric& metric : metrics_) {
    AppendFamilyHeader(metric.name, metric.help, metric.type,
                       &headers_.emplace_back());
  }
}

void TaskRenderer::Append(const Snapshot& snapshot, std::string* page) {
  PrepareLabels(snapshot);
  for (size_t i = 0; i < metrics_.size(); ++i) AppendFamily(i, snapshot, page);
}

void TaskRenderer::PrepareLabels(const Snapshot& snapshot) {
  labels_.clear();
  label_ends_.clear();
  for (const auto& task : snapshot.tasks) {
    AppendLabel("task", task->target->id, &labels_);
    if (!task->target->group.empty()) {
      labels_.push_back(',');
      AppendLabel("task_group", task->target->group, &labels_);
    }
    label_ends_.push_back(labels_.size());
  }
}

void TaskRenderer::AppendFamily(size_t metric, const Snapshot& snapshot,
                                std::string* page) {
  const TaskMetric& family = metrics_[metric];
  bool has_header = false;
  size_t label_begin = 0;
  for (size_t i = 0; i < snapshot.tasks.size(); ++i) {
    const TaskSnapshot& task = *snapshot.tasks[i];
    const absl::string_view labels = absl::string_view(labels_).substr(
        label_begin, label_ends_[i] - label_begin);
    label_begin = label_ends_[i];
    for (const TaskSeries& series : family.series) {
      const MetricValue value = series.value(task);
      if (absl::holds_alternative<absl::monostate>(value)) continue;
      if (!has_header) page->append(headers_[metric]);
      has_header = true;

      reeve::Append(family.name, page);
      page->push_back('{');
      reeve::Append(labels, page);
      if (!series.label.empty()) {
        page->push_back(',');
        reeve::Append(series.label, page);
      }
      if (family.has_info_labels) AppendInfoLabels(*task.target, page);
      page->append("} ", 2);
      absl::visit(ValueWriter{page}, value);
      page->push_back('\n');
    }
  }
}

}  // namespace reeve
