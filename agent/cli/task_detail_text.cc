#include "agent/cli/task_detail_text.h"

#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "agent/cli/limit_settings_text.h"
#include "agent/cli/table.h"
#include "agent/cli/task_text.h"
#include "agent/cli/usage_text.h"
#include "base/quantity.h"

namespace reeve {
namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;

std::string StreamText(const v1::Stream& stream) {
  return stream.path().empty() ? "-" : stream.path();
}

Lines Identity(const v1::InspectResponse& detail, absl::Time now) {
  const v1::TaskSummary& task = detail.task();
  Lines lines = {
      {"task", task.id()}, {"group", task.group()}, {"state", StateText(task)}};
  if (task.state() != v1::TASK_STATE_EXITED) {
    lines.emplace_back("pid", absl::StrCat(task.pid()));
    lines.emplace_back("shim pid", absl::StrCat(detail.shim_pid()));
  }
  if (task.has_started_at()) {
    lines.emplace_back("started", absl::FormatTime("%Y-%m-%d %H:%M:%S %z",
                                                   FromProto(task.started_at()),
                                                   absl::LocalTimeZone()));
  }
  lines.emplace_back("uptime", UptimeText(task, now));
  return lines;
}

Lines Program(const v1::InspectResponse& detail) {
  const v1::TaskSpec& spec = detail.spec();
  Lines lines = {
      {"command", CommandText(detail.task().command())},
      {"directory", spec.cwd()},
      {"task dir", spec.task_dir()},
      {"user", spec.user()},
      {"streams", absl::StrCat("in ", StreamText(spec.stdin()), ", out ",
                               StreamText(spec.stdout()), ", err ",
                               StreamText(spec.stderr()))},
      {"exits with", spec.exit_type() == v1::EXIT_TYPE_CGROUP
                         ? "the last process of its cgroup"
                         : "its main process"},
      {"isolation", detail.isolation()},
  };
  for (const std::string& variable : spec.env()) {
    lines.emplace_back("env", variable);
  }
  return lines;
}

// Those that most tasks are without are left out where they are not set.
Lines Limits(const v1::Limits& limits) {
  Lines lines = {{"memory", MemoryLimitText(limits)}};
  const auto add_size = [&lines](const char* name, bool is_set,
                                 uint64_t bytes) {
    if (is_set) lines.emplace_back(name, ShortSize(bytes));
  };
  add_size("memory high", limits.has_memory_high_bytes(),
           limits.memory_high_bytes());
  add_size("memory low", limits.has_memory_low_bytes(),
           limits.memory_low_bytes());
  add_size("memory min", limits.has_memory_min_bytes(),
           limits.memory_min_bytes());
  add_size("swap", limits.has_memory_swap_bytes(), limits.memory_swap_bytes());
  if (limits.has_memory_oom_group()) {
    lines.emplace_back("oom group", limits.memory_oom_group() ? "yes" : "no");
  }
  lines.emplace_back("cpus", CpuLimitText(limits));
  lines.emplace_back("cpu shares", limits.has_cpu_shares()
                                       ? absl::StrCat(limits.cpu_shares())
                                       : "");
  if (limits.has_cpu_burst_usec()) {
    lines.emplace_back(
        "cpu burst",
        ShortDuration(absl::Microseconds(limits.cpu_burst_usec())));
  }
  if (limits.has_cpu_idle()) {
    lines.emplace_back("cpu idle", limits.cpu_idle() ? "yes" : "no");
  }
  lines.emplace_back("pids", PidsLimitText(limits));
  return lines;
}

std::string LinesText(const Lines& lines) {
  std::string text;
  for (const auto& [name, value] : lines) {
    absl::StrAppendFormat(&text, "%-14s%s\n", name,
                          value.empty() ? "-" : value);
  }
  return text;
}

std::string CgroupsText(const v1::InspectResponse& detail) {
  Table table({{"CONTROLLER"}, {"VERSION"}, {"CGROUP"}});
  const std::map<std::string, std::string> by_controller(
      detail.cgroups().begin(), detail.cgroups().end());
  for (const auto& [controller, path] : by_controller) {
    const auto version = detail.cgroup_versions().find(controller);
    table.AddRow({controller,
                  version == detail.cgroup_versions().end()
                      ? ""
                      : absl::StrCat("v", version->second),
                  path});
  }
  return table.Render();
}

}  // namespace

std::string TaskDetailText(const v1::InspectResponse& detail, absl::Time now) {
  std::string text = LinesText(Identity(detail, now));
  absl::StrAppend(&text, "\n", LinesText(Program(detail)));
  absl::StrAppend(&text, "\nLimits\n",
                  LinesText(Limits(detail.task().limits())));
  if (!detail.settings().empty()) {
    absl::StrAppend(&text, "\n", LimitSettingsText(detail.settings()));
  }
  if (!detail.cgroups().empty()) {
    absl::StrAppend(&text, "\n", CgroupsText(detail));
  }
  if (detail.task().has_usage()) {
    v1::StatsResponse stats;
    *stats.mutable_usage() = detail.task().usage();
    absl::StrAppend(&text, "\nUsage\n", UsageText(stats));
  }
  return text;
}

}  // namespace reeve
