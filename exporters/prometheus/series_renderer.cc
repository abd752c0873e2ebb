#include "exporters/prometheus/series_renderer.h"

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "exporters/prometheus/metric_value.h"
#include "exporters/prometheus/text_format.h"

namespace reeve {
namespace {

void Append(absl::string_view text, std::string* out) {
  out->append(text.data(), text.size());
}

void AppendInfoLabels(const TaskTarget& target, std::string* out) {
  for (const auto& label : target.info) {
    out->push_back(',');
    AppendLabel(label.first, label.second, out);
  }
}

// What tells a series from the others of its family.
struct SeriesLabels {
  const TaskSnapshot* subject;
  // Of the subject, as on the page.
  absl::string_view identity;
  // Empty if the family has no items.
  absl::string_view item;
  // As on the page; may be empty.
  absl::string_view constant;
};

// A family on its way to the page.
struct Family {
  const TaskMetric* metric;
  const std::string* header;
  // Empty if its samples do not tell since when they count.
  const std::string* created_name;
  std::string* page;
  bool has_header = false;

  void Append(const SeriesLabels& labels, const MetricValue& value) {
    if (IsAbsent(value)) return;
    if (!has_header) page->append(*header);
    has_header = true;
    reeve::Append(metric->name, page);
    const size_t labels_at = page->size();
    page->push_back('{');
    reeve::Append(labels.identity, page);
    if (!labels.item.empty()) {
      page->push_back(',');
      AppendLabel(metric->items.label, labels.item, page);
    }
    if (!labels.constant.empty()) {
      page->push_back(',');
      reeve::Append(labels.constant, page);
    }
    if (metric->has_info_labels) {
      AppendInfoLabels(*labels.subject->target, page);
    }
    page->append("} ", 2);
    const size_t labels_end = page->size();
    AppendValue(value, page);
    page->push_back('\n');
    if (created_name->empty()) return;
    const int64_t created =
        absl::ToUnixNanos(labels.subject->target->started_at);
    if (created <= 0) return;
    page->append(*created_name);
    page->append(*page, labels_at, labels_end - labels_at);
    AppendSeconds(static_cast<uint64_t>(created), page);
    page->push_back('\n');
  }
};

}  // namespace

void AppendTaskIdentity(const TaskTarget& target, std::string* out) {
  if (!target.is_group) AppendLabel("task", target.id, out);
  if (target.group.empty()) return;
  if (!target.is_group) out->push_back(',');
  AppendLabel("task_group", target.group, out);
}

SeriesRenderer::SeriesRenderer(std::vector<TaskMetric> metrics,
                               TextFormat format, IdentityWriter identity)
    : metrics_(std::move(metrics)), append_identity_(identity) {
  headers_.reserve(metrics_.size());
  created_names_.reserve(metrics_.size());
  absl::string_view collector;
  for (const TaskMetric& metric : metrics_) {
    AppendFamilyHeader({metric.name, metric.help, metric.type, metric.unit},
                       format, &headers_.emplace_back());
    if (pieces_ == 0 || collector != metric.collector) ++pieces_;
    collector = metric.collector;
    absl::string_view name = metric.name;
    const bool has_created = format == TextFormat::kOpenMetrics &&
                             absl::ConsumeSuffix(&name, "_total");
    created_names_.push_back(has_created ? absl::StrCat(name, "_created") : "");
  }
}

void SeriesRenderer::Append(const Subjects& subjects, std::string* page) {
  PrepareLabels(subjects);
  for (size_t i = 0; i < metrics_.size(); ++i) AppendFamily(i, subjects, page);
}

void SeriesRenderer::Render(const Subjects& subjects, PagePiece* piece) {
  PrepareLabels(subjects);
  for (size_t i = 0; i < metrics_.size(); ++i) {
    const absl::string_view collector = metrics_[i].collector;
    const bool is_next = i > 0 && collector != metrics_[i - 1].collector;
    if (is_next) ++piece;
    if (is_next || i == 0) piece->text.clear();
    piece->collector = collector;
    AppendFamily(i, subjects, &piece->text);
  }
}

void SeriesRenderer::PrepareLabels(const Subjects& subjects) {
  labels_.clear();
  label_ends_.clear();
  has_extra_ = false;
  for (const auto& subject : subjects) {
    append_identity_(*subject->target, &labels_);
    label_ends_.push_back(labels_.size());
    has_extra_ = has_extra_ || subject->extra != nullptr ||
                 subject->recent_peaks.memory_bytes.has_value() ||
                 subject->recent_peaks.cpu_percent.has_value();
  }
}

void SeriesRenderer::AppendFamily(size_t metric, const Subjects& subjects,
                                  std::string* page) {
  const TaskMetric& family = metrics_[metric];
  if (!family.optional_collector.empty() && !has_extra_) return;
  Family in_progress = {&family, &headers_[metric], &created_names_[metric],
                        page};
  size_t label_begin = 0;
  for (size_t i = 0; i < subjects.size(); ++i) {
    const TaskSnapshot& subject = *subjects[i];
    const absl::string_view labels = absl::string_view(labels_).substr(
        label_begin, label_ends_[i] - label_begin);
    label_begin = label_ends_[i];
    for (const TaskSeries& series : family.series) {
      in_progress.Append({&subject, labels, "", series.label},
                         series.value(subject));
    }
    if (family.items.count == nullptr) continue;
    const size_t items = family.items.count(subject);
    for (size_t item = 0; item < items; ++item) {
      const absl::string_view name = family.items.name(subject, item);
      for (const ItemSeries& series : family.item_series) {
        in_progress.Append({&subject, labels, name, series.label},
                           series.value(subject, item));
      }
    }
  }
}

}  // namespace reeve
