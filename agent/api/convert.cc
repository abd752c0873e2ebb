#include "agent/api/convert.h"

#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/api/limits_convert.h"
#include "agent/api/native_convert.h"
#include "agent/api/policy_bounds_convert.h"
#include "agent/api/process_usage.h"
#include "agent/api/restart_convert.h"
#include "agent/api/stop_method_convert.h"
#include "base/utf8.h"
#include "enforcement/cgroup/limit_text.h"

namespace reeve {
namespace {

// Sets an optional field of a message where there is a value.
template <typename Value, typename Message>
void SetIf(const std::optional<Value>& value, Message* message,
           void (Message::*set)(Value)) {
  if (value.has_value()) (message->*set)(*value);
}

absl::StatusOr<std::vector<PathRule>> PathRulesFromProto(
    const v1::TaskSpec& message) {
  std::vector<PathRule> rules;
  rules.reserve(static_cast<size_t>(message.landlock_size()));
  for (const v1::PathRule& each : message.landlock()) {
    PathRule rule;
    rule.path = each.path();
    absl::Status status = ParsePathAccess(each.access(), &rule);
    if (!status.ok()) return status;
    rules.push_back(std::move(rule));
  }
  return rules;
}

// A spec says all that a task is to have: unlike an update, it leaves no period
// as it is.
void StateCpuPeriod(ResourceLimits* limits) {
  if (!limits->cpu_quota || limits->cpu_quota->period_usec) return;
  limits->cpu_quota->period_usec = CpuQuota::kDefaultPeriodUsec;
}

}  // namespace

absl::StatusOr<TaskSpec> SpecFromProto(const v1::TaskSpec& message) {
  absl::StatusOr<ResourceLimits> limits = LimitsFromProto(message.limits());
  if (!limits.ok()) return limits.status();
  StateCpuPeriod(&*limits);
  absl::StatusOr<IsolationSpec> isolation = IsolationFromProto(message);
  if (!isolation.ok()) return isolation.status();
  absl::StatusOr<std::vector<PathRule>> landlock = PathRulesFromProto(message);
  if (!landlock.ok()) return landlock.status();
  const absl::StatusOr<StopMethod> stop = StopMethodFromProto(message);
  if (!stop.ok()) return stop.status();

  TaskSpec spec;
  spec.landlock = *std::move(landlock);
  spec.isolation = *std::move(isolation);
  spec.stop = *stop;
  if (message.has_umask()) spec.umask = message.umask();
  spec.id = message.id();
  spec.group = message.group();
  spec.command.assign(message.command().begin(), message.command().end());
  spec.env.assign(message.env().begin(), message.env().end());
  spec.after.assign(message.after().begin(), message.after().end());
  spec.origin = message.origin();
  spec.cwd = message.cwd();
  spec.task_dir = message.task_dir();
  spec.user = message.user();
  spec.limits = *std::move(limits);
  spec.stdin_path = message.stdin().path();
  spec.stdout_path = message.stdout().path();
  spec.stderr_path = message.stderr().path();
  spec.exit_type = message.exit_type() == v1::EXIT_TYPE_CGROUP
                       ? ExitType::kCgroup
                       : ExitType::kMain;
  spec.restart = RestartPolicyFromProto(message.restart());
  spec.policy_bounds = PolicyBoundsFromProto(message);
  spec.kill_on_agent_exit = message.kill_on_agent_exit();
  if (message.has_start_timeout()) {
    spec.start_timeout = DurationFromProto(message.start_timeout());
  }
  spec.tty = message.tty();
  spec.attachable = message.attachable();
  spec.log.max_size = message.log().max_size_bytes();
  spec.log.max_files = message.log().max_files();
  spec.log.to_state_dir = message.log().to_state_dir();
  return spec;
}

v1::TaskSpec ToProto(const TaskSpec& spec) {
  v1::TaskSpec message;
  message.set_id(spec.id);
  message.set_group(spec.group);
  for (const std::string& word : spec.command) message.add_command(word);
  for (const std::string& variable : spec.env) message.add_env(variable);
  for (const std::string& id : spec.after) message.add_after(id);
  message.set_origin(spec.origin);
  message.set_cwd(spec.cwd);
  message.set_task_dir(spec.task_dir);
  message.set_user(spec.user);
  *message.mutable_limits() = ToProto(spec.limits);
  if (!spec.stdin_path.empty()) {
    message.mutable_stdin()->set_path(spec.stdin_path);
  }
  if (!spec.stdout_path.empty()) {
    message.mutable_stdout()->set_path(spec.stdout_path);
  }
  if (!spec.stderr_path.empty()) {
    message.mutable_stderr()->set_path(spec.stderr_path);
  }
  message.set_exit_type(spec.exit_type == ExitType::kCgroup
                            ? v1::EXIT_TYPE_CGROUP
                            : v1::EXIT_TYPE_MAIN);
  message.set_tty(spec.tty);
  message.set_attachable(spec.attachable);
  if (spec.log.max_size != 0 || spec.log.max_files != 0 ||
      spec.log.to_state_dir) {
    message.mutable_log()->set_max_size_bytes(spec.log.max_size);
    message.mutable_log()->set_max_files(spec.log.max_files);
    message.mutable_log()->set_to_state_dir(spec.log.to_state_dir);
  }
  IsolationToProto(spec.isolation, &message);
  message.set_umask(spec.umask);
  PolicyBoundsToProto(spec.policy_bounds, &message);
  StopMethodToProto(spec.stop, &message);
  if (spec.restart.enabled()) {
    *message.mutable_restart() = ToProto(spec.restart);
  }
  message.set_kill_on_agent_exit(spec.kill_on_agent_exit);
  for (const PathRule& rule : spec.landlock) {
    v1::PathRule* const added = message.add_landlock();
    added->set_path(rule.path);
    added->set_access(PathAccessText(rule));
  }
  if (spec.start_timeout.has_value()) {
    *message.mutable_start_timeout() = ToProto(*spec.start_timeout);
  }
  return message;
}

v1::LimitSetting ToProto(const LimitSetting& setting) {
  v1::LimitSetting message;
  message.set_controller(setting.controller);
  message.set_file(LimitName(setting.file, setting.item));
  message.set_requested(setting.requested);
  message.set_applied(setting.applied);
  message.set_read_back(setting.read_back);
  return message;
}

v1::ExitStatus ToProto(const ExitStatus& exit) {
  v1::ExitStatus message;
  message.set_code(exit.code);
  message.set_signal(exit.signal);
  message.set_oom_killed(exit.oom_killed);
  // Some are of the system, with the names of files.
  message.set_reason(Utf8Text(exit.reason));
  *message.mutable_exited_at() = ToProto(exit.exited_at);
  return message;
}

ExitStatus ExitStatusFromProto(const v1::ExitStatus& message) {
  ExitStatus exit;
  exit.code = message.code();
  exit.signal = message.signal();
  exit.oom_killed = message.oom_killed();
  exit.reason = message.reason();
  exit.exited_at = TimeFromProto(message.exited_at());
  return exit;
}

v1::Usage UsageToProto(const TaskSnapshot& snapshot) {
  using v1::Usage;
  const CgroupSample& cgroup = snapshot.cgroup;
  Usage usage;
  *usage.mutable_taken_at() = ToProto(snapshot.taken_at);
  SetIf(cgroup.cpu_usage_ns, &usage, &Usage::set_cpu_usage_nsec);
  SetIf(cgroup.cpu_user_ns, &usage, &Usage::set_cpu_user_nsec);
  SetIf(cgroup.cpu_system_ns, &usage, &Usage::set_cpu_system_nsec);
  SetIf(snapshot.cpu_percent, &usage, &Usage::set_cpu_percent);
  SetIf(snapshot.cpu_user_percent, &usage, &Usage::set_cpu_user_percent);
  SetIf(snapshot.cpu_system_percent, &usage, &Usage::set_cpu_system_percent);
  SetIf(snapshot.cpu_ticks_mhz, &usage, &Usage::set_cpu_ticks_mhz);
  SetIf(snapshot.cpu_ticks_total, &usage, &Usage::set_cpu_ticks_total);
  SetIf(cgroup.cpu_periods, &usage, &Usage::set_cpu_periods);
  SetIf(cgroup.cpu_throttled_periods, &usage,
        &Usage::set_cpu_throttled_periods);
  SetIf(cgroup.cpu_throttled_ns, &usage, &Usage::set_cpu_throttled_nsec);
  SetIf(cgroup.memory_usage_bytes, &usage, &Usage::set_memory_usage_bytes);
  SetIf(cgroup.memory_working_set_bytes, &usage,
        &Usage::set_memory_working_set_bytes);
  SetIf(cgroup.memory_anon_bytes, &usage, &Usage::set_memory_anon_bytes);
  SetIf(cgroup.memory_file_bytes, &usage, &Usage::set_memory_file_bytes);
  SetIf(cgroup.memory_mapped_file_bytes, &usage,
        &Usage::set_memory_mapped_file_bytes);
  SetIf(cgroup.memory_swap_bytes, &usage, &Usage::set_memory_swap_bytes);
  SetIf(cgroup.memory_peak_bytes, &usage, &Usage::set_memory_peak_bytes);
  SetIf(cgroup.memory_kernel_bytes, &usage, &Usage::set_memory_kernel_bytes);
  SetIf(cgroup.memory_kernel_peak_bytes, &usage,
        &Usage::set_memory_kernel_peak_bytes);
  SetIf(cgroup.memory_low_events, &usage, &Usage::set_memory_low_events);
  SetIf(cgroup.memory_high_events, &usage, &Usage::set_memory_high_events);
  SetIf(cgroup.memory_max_events, &usage, &Usage::set_memory_max_events);
  SetIf(cgroup.memory_oom_events, &usage, &Usage::set_memory_oom_events);
  SetIf(cgroup.oom_kills, &usage, &Usage::set_oom_kills);
  SetIf(cgroup.threads, &usage, &Usage::set_threads);
  SetIf(cgroup.fork_failures, &usage, &Usage::set_fork_failures);
  MeasureByProcesses(snapshot, &usage);
  return usage;
}

v1::ProcessUsage ToProto(const ProcessSnapshot& process) {
  using v1::ProcessUsage;
  ProcessUsage message;
  SetIf(process.cpu_percent, &message, &ProcessUsage::set_cpu_percent);
  SetIf(process.cpu_user_percent, &message,
        &ProcessUsage::set_cpu_user_percent);
  SetIf(process.cpu_system_percent, &message,
        &ProcessUsage::set_cpu_system_percent);
  message.set_rss_bytes(process.rss_bytes);
  message.set_swap_bytes(process.swap_bytes);
  message.set_threads(process.threads);
  message.set_cpu_user_nsec(process.cpu_user_ns);
  message.set_cpu_system_nsec(process.cpu_system_ns);
  *message.mutable_started_at() = ToProto(process.started_at);
  message.set_comm(process.comm);
  return message;
}

std::vector<std::pair<std::string, CgroupDir>> ByController(
    const CgroupDirs& dirs) {
  std::vector<std::pair<std::string, CgroupDir>> found;
  const auto add = [&found](const char* controller,
                            const std::optional<CgroupDir>& dir) {
    if (dir.has_value()) found.emplace_back(controller, *dir);
  };
  add("cpu", dirs.cpu);
  add("cpuacct", dirs.cpuacct);
  add("memory", dirs.memory);
  add("pids", dirs.pids);
  add("cpuset", dirs.cpuset);
  const bool is_io_v1 =
      dirs.io.has_value() && dirs.io->version == CgroupVersion::kV1;
  add(is_io_v1 ? "blkio" : "io", dirs.io);
  add("hugetlb", dirs.hugetlb);
  add("unified", dirs.unified);
  return found;
}

}  // namespace reeve
