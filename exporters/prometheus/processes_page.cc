#include "exporters/prometheus/processes_page.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/types/variant.h"
#include "exporters/prometheus/processes_metrics.h"
#include "exporters/prometheus/task_metric.h"

namespace reeve {
namespace {

struct ValueWriter {
  std::string* out;

  void operator()(absl::monostate) const {}
  void operator()(uint64_t value) const { AppendNumber(value, out); }
  void operator()(double value) const { AppendNumber(value, out); }
  void operator()(Nanoseconds value) const { AppendSeconds(value.count, out); }
};

// What tells the rows of a snapshot apart, each written once for all families.
class RowLabels {
 public:
  // Of row `index`.
  absl::string_view operator[](size_t index) const {
    const size_t begin = index == 0 ? 0 : ends_[index - 1];
    return absl::string_view(text_).substr(begin, ends_[index] - begin);
  }

  std::string* text() { return &text_; }
  void EndRow() { ends_.push_back(text_.size()); }

 private:
  std::string text_;
  std::vector<size_t> ends_;
};

RowLabels LabelsOf(const std::vector<ProcessGroupRow>& groups) {
  RowLabels labels;
  for (const ProcessGroupRow& group : groups) {
    AppendLabel("group", group.name, labels.text());
    labels.EndRow();
  }
  return labels;
}

RowLabels LabelsOf(const std::vector<ProcessRow>& processes) {
  RowLabels labels;
  for (const ProcessRow& process : processes) {
    std::string* const text = labels.text();
    text->append("pid=\"");
    AppendNumber(static_cast<uint64_t>(process.pid), text);
    text->append("\",");
    AppendLabel("comm", process.comm, text);
    if (!process.task.empty()) {
      text->push_back(',');
      AppendLabel("task", process.task, text);
    }
    labels.EndRow();
  }
  return labels;
}

// Writes one family: its header before the first series that has a value.
class FamilyWriter {
 public:
  FamilyWriter(const HostFamily& family, TextFormat format, std::string* page)
      : family_(family), format_(format), page_(page) {
    prefix_.assign(family.name.data(), family.name.size());
    prefix_.push_back('{');
  }

  void Append(absl::string_view labels, absl::string_view constant,
              const MetricValue& value) {
    if (absl::holds_alternative<absl::monostate>(value)) return;
    if (!has_header_) {
      AppendFamilyHeader(
          {family_.name, family_.help, family_.type, family_.unit}, format_,
          page_);
      has_header_ = true;
    }
    page_->append(prefix_);
    page_->append(labels.data(), labels.size());
    if (!labels.empty() && !constant.empty()) page_->push_back(',');
    page_->append(constant.data(), constant.size());
    page_->append("} ", 2);
    absl::visit(ValueWriter{page_}, value);
    page_->push_back('\n');
  }

 private:
  const HostFamily& family_;
  const TextFormat format_;
  std::string* const page_;
  std::string prefix_;
  bool has_header_ = false;
};

template <typename Row>
void AppendRows(const std::vector<RowFamily<Row>>& families,
                const std::vector<Row>& rows, const RowLabels& labels,
                TextFormat format, std::string* page) {
  for (const RowFamily<Row>& family : families) {
    FamilyWriter writer(family.description, format, page);
    for (size_t i = 0; i < rows.size(); ++i) {
      for (const RowSeries<Row>& series : family.series) {
        writer.Append(labels[i], series.label, series.value(rows[i]));
      }
    }
  }
}

}  // namespace

ProcessesPage::ProcessesPage(Latest latest)
    : latest_(std::move(latest)),
      groups_(ProcessGroupFamilies()),
      processes_(ProcessFamilies()),
      omitted_(OmittedProcessesFamilies()) {}

void ProcessesPage::Append(TextFormat format, std::string* page) const {
  const std::shared_ptr<const ProcessesSnapshot> snapshot = latest_();
  if (snapshot == nullptr) return;
  AppendRows(groups_, snapshot->groups, LabelsOf(snapshot->groups), format,
             page);
  AppendRows(processes_, snapshot->processes, LabelsOf(snapshot->processes),
             format, page);
  RowLabels none;
  none.EndRow();
  AppendRows(omitted_, {snapshot->omitted}, none, format, page);
}

}  // namespace reeve
