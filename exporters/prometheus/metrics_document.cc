#include "exporters/prometheus/metrics_document.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace reeve {
namespace {

constexpr absl::string_view kIntroduction =
    "# Metrics\n"
    "\n"
    "Everything `reeve agent` serves at `/metrics`. This page is printed from "
    "the table that\n"
    "the exporter works from: after a change there, run\n"
    "\n"
    "    bazel run //exporters/prometheus:print_metrics_document > "
    "docs/metrics.md\n"
    "\n"
    "Units are base units: seconds, bytes, hertz, ratios where 1 is one core. "
    "A series is\n"
    "absent, never 0, where the kernel does not tell its value. Series carry "
    "no timestamps.\n";

constexpr absl::string_view kTasks =
    "\n"
    "## Tasks\n"
    "\n"
    "Every series has the label `task`, the task's id, and `task_group` if the "
    "task has a\n"
    "group. Counters start at 0 with the task. A task's series stay until its "
    "last values\n"
    "have been scraped, or for 60 s if nobody scrapes.\n"
    "\n"
    "| Name | Type | Unit | Further labels | Meaning | cgroup v1 | cgroup v2 "
    "|\n"
    "|---|---|---|---|---|---|---|\n";

constexpr absl::string_view kAgent =
    "\n"
    "## The agent\n"
    "\n"
    "| Name | Type | Labels | Meaning |\n"
    "|---|---|---|---|\n";

std::string Cell(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"|", "\\|"}});
}

std::string OrNone(absl::string_view text) {
  return text.empty() ? "–" : Cell(text);
}

std::string Code(absl::string_view text) {
  return absl::StrCat("`", Cell(text), "`");
}

// `mode` = `user`, `system`: the series of a family differ in one label.
std::string LabelsOf(const TaskMetric& metric) {
  if (metric.has_info_labels) return "whatever is known of the task";
  std::string name;
  std::vector<std::string> values;
  for (const TaskSeries& series : metric.series) {
    if (series.label.empty()) continue;
    const std::pair<std::string, std::string> label =
        absl::StrSplit(series.label, absl::MaxSplits('=', 1));
    name = label.first;
    values.push_back(Code(absl::StrReplaceAll(label.second, {{"\"", ""}})));
  }
  if (values.empty()) return "–";
  return absl::StrCat(Code(name), ": ", absl::StrJoin(values, ", "));
}

std::string LabelsOf(const FamilyDescription& family) {
  std::vector<std::string> labels;
  for (const std::string& label : family.labels) {
    const std::vector<std::string> parts = absl::StrSplit(label, '=');
    labels.push_back(Code(parts[0]));
    if (parts.size() < 2) continue;
    std::vector<std::string> values = absl::StrSplit(parts[1], ',');
    for (std::string& value : values) value = Code(value);
    absl::StrAppend(&labels.back(), ": ", absl::StrJoin(values, ", "));
  }
  return labels.empty() ? "–" : absl::StrJoin(labels, "; ");
}

std::string Row(const std::vector<std::string>& cells) {
  return absl::StrCat("| ", absl::StrJoin(cells, " | "), " |\n");
}

}  // namespace

std::string MetricsDocument(
    const std::vector<TaskMetric>& task_metrics,
    const std::vector<FamilyDescription>& agent_metrics) {
  std::string document = absl::StrCat(kIntroduction, kTasks);
  for (const TaskMetric& metric : task_metrics) {
    document += Row({Code(metric.name), std::string(metric.type),
                     OrNone(metric.unit), LabelsOf(metric), Cell(metric.help),
                     OrNone(metric.v1_source), OrNone(metric.v2_source)});
  }
  document.append(kAgent.data(), kAgent.size());
  for (const FamilyDescription& family : agent_metrics) {
    document += Row(
        {Code(family.name), family.type, LabelsOf(family), Cell(family.help)});
  }
  return document;
}

}  // namespace reeve
