#include "exporters/prometheus/metrics_document.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "exporters/prometheus/collector_names.h"

namespace reeve {
namespace {

constexpr absl::string_view kIntroduction =
    "# Metrics\n"
    "\n"
    "Everything `reeve agent` serves at `/metrics`. This page is printed from "
    "the table that\n"
    "the exporter works from: after a change there, run\n"
    "\n"
    "```sh source\n"
    "bazel run //exporters/prometheus:print_metrics_document > "
    "docs/metrics.md\n"
    "```\n"
    "\n"
    "Units are base units: seconds, bytes, hertz, ratios where 1 is one core. "
    "A series is\n"
    "absent, never 0, where the kernel does not tell its value. Series carry "
    "no timestamps.\n"
    "\n"
    "Names are those of Prometheus' text format. In OpenMetrics, which "
    "Prometheus asks for,\n"
    "counters of tasks and groups have a series `..._created` too: since when "
    "they count.\n"
    "\n"
    "`/metrics?collect[]=cpu&collect[]=memory` has the families of these "
    "collectors alone,\n"
    "`?exclude[]=limits` all but those. Groups are `group`, the agent is "
    "`agent`, its own\n"
    "process `process`; what is measured of the host has the name that its "
    "flag "
    "has.\n";

constexpr absl::string_view kTasks =
    "\n"
    "## Tasks\n"
    "\n"
    "Every series has the label `task`, the task's id, and `task_group` if the "
    "task has a\n"
    "group. Counters start at 0 with the task. A task's series stay until its "
    "last values\n"
    "have been scraped, or for 60 s if nobody scrapes; of more than 2,000 that "
    "ended\nmeanwhile, the first go sooner.\n"
    "\n"
    "A family with a flag is there only if the agent was started with it: "
    "without any, a task\n"
    "with ordinary limits has at most 30 series.\n"
    "\n"
    "| Name | Collector | Type | Unit | Further labels | Meaning | cgroup v1 | "
    "cgroup v2 | Flag |\n"
    "|---|---|---|---|---|---|---|---|---|\n";

constexpr absl::string_view kGroups =
    "\n"
    "## Groups\n"
    "\n"
    "The tasks of a group together, from the group's own cgroup: the families "
    "of tasks under\n"
    "other names. Every series has the label `task_group`, the group's name. "
    "Counters start\n"
    "at 0 with the group, and hold what its tasks used that are gone. A group "
    "is on the page\n"
    "as long as it has tasks or limits of its own. Where the kernel counts OOM "
    "kills and\n"
    "refused forks only in the cgroup of the task, as cgroup v1 does, those of "
    "the tasks are\n"
    "added up, from the start of the agent.\n"
    "\n"
    "| Name | Type | Unit | Further labels | Meaning | cgroup v1 | cgroup v2 | "
    "Flag |\n"
    "|---|---|---|---|---|---|---|---|\n";

constexpr absl::string_view kCgroups =
    "\n"
    "## Cgroups of the host\n"
    "\n"
    "With `--collector.cgroups`: every cgroup that the agent did not make, "
    "such "
    "as those of\n"
    "systemd's services and of containers ([cgroups.md](cgroups.md)), in the "
    "part `cgroups` of\n"
    "the page. Every series has the label `cgroup`, the path below the root of "
    "the\n"
    "hierarchies: `/system.slice/nginx.service`. Values are those of the "
    "families of tasks. A\n"
    "cgroup that was removed is on the page until the next round, and one that "
    "was made\n"
    "anew under its path counts from 0 again.\n"
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

// `mode` = `user`, `system`: the series of a family differ in one label, and in
// that of an item.
std::string LabelsOf(const TaskMetric& metric) {
  if (metric.has_info_labels) return "whatever is known of it";
  std::vector<absl::string_view> constants;
  for (const TaskSeries& series : metric.series) {
    if (!series.label.empty()) constants.push_back(series.label);
  }
  for (const ItemSeries& series : metric.item_series) {
    if (!series.label.empty()) constants.push_back(series.label);
  }
  std::string name;
  std::vector<std::string> values;
  for (const absl::string_view constant : constants) {
    const std::pair<std::string, std::string> label =
        absl::StrSplit(constant, absl::MaxSplits('=', 1));
    name = label.first;
    values.push_back(Code(absl::StrReplaceAll(label.second, {{"\"", ""}})));
  }
  std::vector<std::string> labels;
  if (!metric.items.label.empty()) labels.push_back(Code(metric.items.label));
  if (!values.empty()) {
    labels.push_back(
        absl::StrCat(Code(name), ": ", absl::StrJoin(values, ", ")));
  }
  return labels.empty() ? "–" : absl::StrJoin(labels, "; ");
}

// Of labels with their values, as in FamilyDescription::labels.
std::string LabelsText(const std::vector<std::string>& described) {
  std::vector<std::string> labels;
  for (const std::string& label : described) {
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

std::string FlagOf(const TaskMetric& metric) {
  if (metric.optional_collector.empty()) return "–";
  return Code(absl::StrCat("--collector.", metric.optional_collector));
}

// What every chapter of such families has of one, from its type on.
std::vector<std::string> CommonCells(const TaskMetric& metric) {
  return {std::string(metric.type), OrNone(metric.unit),
          LabelsOf(metric),         Cell(metric.help),
          OrNone(metric.v1_source), OrNone(metric.v2_source)};
}

// All cgroups are one part of the page, which has one flag.
std::string CgroupRow(const TaskMetric& metric) {
  std::vector<std::string> cells = CommonCells(metric);
  cells.insert(cells.begin(), Code(metric.name));
  return Row(cells);
}

std::string FamilyRow(const TaskMetric& metric) {
  std::vector<std::string> cells = CommonCells(metric);
  if (metric.collector != kGroupCollector) {
    cells.insert(cells.begin(), Code(metric.collector));
  }
  cells.insert(cells.begin(), Code(metric.name));
  cells.push_back(FlagOf(metric));
  return Row(cells);
}

std::string Chapter(const HostFamilies& chapter) {
  std::string text =
      absl::StrCat("\n## ", chapter.title, "\n\n", chapter.introduction,
                   "\n\n| Name | Type | Unit | Labels | Meaning | Source | "
                   "Flag |\n|---|---|---|---|---|---|---|\n");
  for (const HostFamily& family : chapter.families) {
    text += Row({Code(family.name), std::string(family.type),
                 OrNone(family.unit), LabelsText(family.labels),
                 Cell(family.help), OrNone(family.source),
                 family.flag.empty() ? "–" : Code(family.flag)});
  }
  return text;
}

}  // namespace

std::string MetricsDocument(const MetricTables& tables) {
  std::string document = absl::StrCat(kIntroduction, kTasks);
  for (const TaskMetric& metric : tables.tasks) document += FamilyRow(metric);
  document.append(kGroups.data(), kGroups.size());
  for (const TaskMetric& metric : tables.groups) document += FamilyRow(metric);
  document.append(kCgroups.data(), kCgroups.size());
  for (const TaskMetric& metric : tables.cgroups) document += CgroupRow(metric);
  for (const HostFamilies& chapter : tables.host) document += Chapter(chapter);
  document.append(kAgent.data(), kAgent.size());
  for (const FamilyDescription& family : tables.agent) {
    document += Row({Code(family.name), family.type, LabelsText(family.labels),
                     Cell(family.help)});
  }
  return document;
}

}  // namespace reeve
