#include "agent/http/landing_page.h"

#include <cstdint>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"

namespace reeve {
namespace {

constexpr char kHead[] = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>reeve</title>
<style>
body { font-family: sans-serif; margin: 2em auto; max-width: 60em; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #ccc; padding: .3em .6em; text-align: left; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
</style>
</head>
<body>
)";

constexpr char kTableHead[] = R"(<table>
<tr><th>Task</th><th>Group</th><th class="number">CPU %</th>
<th class="number">Memory</th><th class="number">Limit</th>
<th class="number">Threads</th><th></th></tr>
)";

std::string Escape(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"},
                                    {"<", "&lt;"},
                                    {">", "&gt;"},
                                    {"\"", "&quot;"},
                                    {"'", "&#39;"}});
}

std::string Mebibytes(std::optional<uint64_t> bytes) {
  constexpr double kMebibyte = 1024 * 1024;
  if (!bytes) return "–";
  return absl::StrFormat("%.1f MiB", static_cast<double>(*bytes) / kMebibyte);
}

std::string Number(const std::string& text) {
  return absl::StrCat("<td class=\"number\">", text, "</td>");
}

std::string TaskRow(const TaskSnapshot& task) {
  const std::string id = Escape(task.target->id);
  return absl::StrCat(
      "<tr><td><a href=\"/api/v1/tasks/", id, "\">", id, "</a></td><td>",
      Escape(task.target->group), "</td>",
      Number(task.cpu_percent ? absl::StrFormat("%.1f", *task.cpu_percent)
                              : "–"),
      Number(Mebibytes(task.cgroup.memory_usage_bytes)),
      Number(Mebibytes(task.target->limits.memory_bytes)),
      Number(task.cgroup.threads ? absl::StrCat(*task.cgroup.threads) : "–"),
      "<td>", task.is_final ? "exited" : "", "</td></tr>\n");
}

std::string TaskTable(const Snapshot* snapshot) {
  if (snapshot == nullptr) return "<p>No sample has been taken yet.</p>\n";
  if (snapshot->tasks.empty()) return "<p>No task is running.</p>\n";
  std::string table = kTableHead;
  for (const auto& task : snapshot->tasks) table += TaskRow(*task);
  return table + "</table>\n";
}

}  // namespace

std::string LandingPage(absl::string_view version,
                        absl::string_view telemetry_path,
                        const Snapshot* snapshot) {
  return absl::StrCat(
      kHead, "<h1>reeve</h1>\n<p>Version ", Escape(version),
      ". Launches tasks, holds them to their limits, and measures what they "
      "use.</p>\n<p><a href=\"",
      Escape(telemetry_path),
      "\">Metrics</a> · <a href=\"/api/v1/tasks\">Tasks</a> and <a "
      "href=\"/api/v1/groups\">groups</a> as JSON · <a "
      "href=\"/-/healthy\">Healthy</a> · <a "
      "href=\"/-/ready\">Ready</a></p>\n",
      TaskTable(snapshot), "</body>\n</html>\n");
}

}  // namespace reeve
