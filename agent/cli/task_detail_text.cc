#include "agent/cli/task_detail_text.h"

#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "agent/cli/device_limits_text.h"
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

// Nothing for a task that was never started anew, as most.
Lines Attempts(const v1::TaskSummary& task) {
  Lines lines;
  if (task.attempt() > 1) {
    lines.emplace_back("attempt", absl::StrCat(task.attempt()));
  }
  if (task.has_last_exit()) {
    const std::string& reason = task.last_exit().reason();
    lines.emplace_back("last exit",
                       absl::StrCat(ExitText(task.last_exit()),
                                    reason.empty() ? "" : ": ", reason));
  }
  if (task.has_restart_at()) {
    lines.emplace_back("next at", absl::FormatTime("%Y-%m-%d %H:%M:%S %z",
                                                   FromProto(task.restart_at()),
                                                   absl::LocalTimeZone()));
  }
  return lines;
}

std::string RestartText(const v1::RestartPolicy& policy) {
  std::string text = policy.when() == v1::RESTART_WHEN_ALWAYS ? "always"
                     : policy.when() == v1::RESTART_WHEN_ON_FAILURE
                         ? "on failure"
                         : "never";
  if (policy.has_max_restarts()) {
    absl::StrAppend(&text, ", ", policy.max_restarts(), " in a row");
  }
  return text;
}

Lines Identity(const v1::InspectResponse& detail, absl::Time now) {
  const v1::TaskSummary& task = detail.task();
  Lines lines = {
      {"task", task.id()}, {"group", task.group()}, {"state", StateText(task)}};
  if (task.state() != v1::TASK_STATE_EXITED) {
    lines.emplace_back("pid", absl::StrCat(task.pid()));
    // An adopted one has none.
    if (detail.shim_pid() != 0) {
      lines.emplace_back("shim pid", absl::StrCat(detail.shim_pid()));
    }
  }
  if (task.has_started_at()) {
    lines.emplace_back("started", absl::FormatTime("%Y-%m-%d %H:%M:%S %z",
                                                   FromProto(task.started_at()),
                                                   absl::LocalTimeZone()));
  }
  lines.emplace_back("uptime", UptimeText(task, now));
  if (task.adopted()) lines.emplace_back("adopted", "yes");
  if (!task.origin().empty()) lines.emplace_back("origin", task.origin());
  for (auto& line : Attempts(task)) lines.push_back(std::move(line));
  return lines;
}

Lines NativeLines(const v1::TaskSpec& spec) {
  const v1::Native& native = spec.native();
  Lines lines;
  if (native.has_root()) {
    const v1::Root& root = native.root();
    lines.emplace_back(
        "root",
        absl::StrCat(root.directory(), root.read_only() ? ", read-only" : "",
                     root.overlay() ? ", overlay" : ""));
  }
  const auto add = [&lines](const char* name, const std::string& value) {
    if (!value.empty()) lines.emplace_back(name, value);
  };
  const auto add_mode = [&add](const char* name, v1::NamespaceMode mode) {
    if (mode == v1::NAMESPACE_MODE_DEFAULT) return;
    add(name, mode == v1::NAMESPACE_MODE_HOST ? "host" : "private");
  };
  add_mode("pid mode", native.pid());
  add_mode("ipc mode", native.ipc());
  add_mode("cgroup mode", native.cgroup());
  add("network", native.network());
  add("host name", native.hostname());
  for (const v1::Mount& mount : native.mounts()) {
    add("mount", absl::StrCat(mount.type(), " ", mount.source(),
                              mount.source().empty() ? "" : " on ",
                              mount.target(), mount.read_only() ? ", ro" : ""));
  }
  for (const v1::Device& device : native.devices()) {
    add("device", absl::StrCat(device.host_path(), ":", device.task_path(), ":",
                               device.permissions()));
  }
  add("cap add", absl::StrJoin(native.add_capabilities(), ","));
  add("cap drop", absl::StrJoin(native.drop_capabilities(), ","));
  if (native.allow_new_privileges()) add("new privileges", "allowed");
  if (!native.seccomp().empty()) {
    add("seccomp", native.seccomp() == "unconfined" ? "unconfined"
                                                    : "a profile of its own");
  }
  add("apparmor", native.apparmor_profile());
  add("selinux", native.selinux_label());
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
  for (auto& line : NativeLines(spec)) lines.push_back(std::move(line));
  if (spec.has_restart()) {
    lines.emplace_back("restart", RestartText(spec.restart()));
  }
  for (const v1::PathRule& rule : spec.landlock()) {
    lines.emplace_back("landlock",
                       absl::StrCat(rule.access(), ":", rule.path()));
  }
  for (const std::string& variable : spec.env()) {
    lines.emplace_back("env", variable);
  }
  return lines;
}

std::string RlimitBoundText(bool is_set, uint64_t value) {
  return is_set ? absl::StrCat(value) : "unlimited";
}

// Of each process; those that are not set are left out.
void AddProcessLimits(const v1::Limits& limits, Lines& lines) {
  if (limits.has_oom_score_adj()) {
    lines.emplace_back("oom score adj", absl::StrCat(limits.oom_score_adj()));
  }
  if (limits.has_nice()) {
    lines.emplace_back("nice", absl::StrCat(limits.nice()));
  }
  if (limits.has_scheduling_policy()) {
    lines.emplace_back("sched", limits.scheduling_policy());
  }
  for (const v1::Rlimit& rlimit : limits.rlimits()) {
    lines.emplace_back(
        "rlimit",
        absl::StrCat(rlimit.name(), " ",
                     RlimitBoundText(rlimit.has_soft(), rlimit.soft()), ":",
                     RlimitBoundText(rlimit.has_hard(), rlimit.hard())));
  }
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
  for (auto& line : DeviceLimitsText(limits)) lines.push_back(std::move(line));
  AddProcessLimits(limits, lines);
  return lines;
}

// How far policies may go.
void AddPolicyBounds(const v1::TaskSpec& spec, Lines& lines) {
  if (spec.has_cpus_max()) {
    lines.emplace_back("cpus max", absl::StrCat(spec.cpus_max()));
  }
  if (spec.has_memory_max_bytes()) {
    lines.emplace_back("memory max", ShortSize(spec.memory_max_bytes()));
  }
  if (spec.has_priority()) {
    lines.emplace_back("priority", absl::StrCat(spec.priority()));
  }
}

void AddStopMethod(const v1::TaskSpec& spec, Lines& lines) {
  if (!spec.stop_signal().empty()) {
    lines.emplace_back("stop signal", spec.stop_signal());
  }
  if (spec.stop_grace_usec() != 0) {
    lines.emplace_back(
        "stop grace",
        ShortDuration(absl::Microseconds(spec.stop_grace_usec())));
  }
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
  Lines program = Program(detail);
  AddStopMethod(detail.spec(), program);
  absl::StrAppend(&text, "\n", LinesText(program));
  Lines limits = Limits(detail.task().limits());
  AddPolicyBounds(detail.spec(), limits);
  absl::StrAppend(&text, "\nLimits\n", LinesText(limits));
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
