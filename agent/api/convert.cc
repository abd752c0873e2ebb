#include "agent/api/convert.h"

#include <cmath>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/api/process_usage.h"

namespace reeve {
namespace {

absl::Status Contradiction(absl::string_view limit) {
  return absl::InvalidArgumentError(absl::StrCat(
      limit, " has both a value and ", limit, "_unlimited: give one of them"));
}

// A bound from the two fields that stand for it.
absl::Status BoundFrom(absl::string_view limit, bool has_value, uint64_t value,
                       bool unlimited, std::optional<Bound>* bound) {
  if (has_value && unlimited) return Contradiction(limit);
  if (has_value) *bound = Bound::Of(value);
  if (unlimited) *bound = Bound::Unlimited();
  return absl::OkStatus();
}

absl::Status MemoryFromProto(const v1::Limits& message,
                             ResourceLimits* limits) {
  absl::Status status =
      BoundFrom("memory", message.has_memory_bytes(), message.memory_bytes(),
                message.memory_unlimited(), &limits->memory_bytes);
  status.Update(BoundFrom("memory_high", message.has_memory_high_bytes(),
                          message.memory_high_bytes(),
                          message.memory_high_unlimited(),
                          &limits->memory_high_bytes));
  status.Update(BoundFrom("memory_swap", message.has_memory_swap_bytes(),
                          message.memory_swap_bytes(),
                          message.memory_swap_unlimited(),
                          &limits->memory_swap_bytes));
  if (message.has_memory_low_bytes()) {
    limits->memory_low_bytes = message.memory_low_bytes();
  }
  if (message.has_memory_min_bytes()) {
    limits->memory_min_bytes = message.memory_min_bytes();
  }
  if (message.has_memory_oom_group()) {
    limits->memory_oom_group = message.memory_oom_group();
  }
  return status;
}

// Sets an optional field of a message where there is a value.
template <typename Value, typename Message>
void SetIf(const std::optional<Value>& value, Message* message,
           void (Message::*set)(Value)) {
  if (value.has_value()) (message->*set)(*value);
}

}  // namespace

absl::StatusOr<ResourceLimits> LimitsFromProto(const v1::Limits& message) {
  ResourceLimits limits;
  const absl::Status status = MemoryFromProto(message, &limits);
  if (!status.ok()) return status;
  if (message.has_cpu_shares()) limits.cpu_shares = message.cpu_shares();
  if (message.has_cpu_burst_usec()) {
    limits.cpu_burst_usec = message.cpu_burst_usec();
  }
  if (message.has_cpu_idle()) limits.cpu_idle = message.cpu_idle();

  if (message.has_cpus() && message.cpus_unlimited()) {
    return Contradiction("cpus");
  }
  if (message.has_cpus() || message.cpus_unlimited()) {
    CpuQuota quota;
    if (message.has_cpus()) quota.cores = message.cpus();
    if (message.has_cpu_period_usec()) {
      quota.period_usec = message.cpu_period_usec();
    }
    limits.cpu_quota = quota;
  } else if (message.has_cpu_period_usec()) {
    return absl::InvalidArgumentError(
        "cpu_period_usec goes with cpus: give both");
  }

  const absl::Status pids =
      BoundFrom("pids", message.has_pids(), message.pids(),
                message.pids_unlimited(), &limits.pids);
  if (!pids.ok()) return pids;
  return limits;
}

absl::StatusOr<TaskSpec> SpecFromProto(const v1::TaskSpec& message) {
  absl::StatusOr<ResourceLimits> limits = LimitsFromProto(message.limits());
  if (!limits.ok()) return limits.status();
  if (!message.isolation().empty() && message.isolation() != "auto" &&
      message.isolation() != "universal") {
    return absl::InvalidArgumentError(
        absl::StrCat("isolation \"", message.isolation(),
                     "\" is not built in: use universal or auto"));
  }

  TaskSpec spec;
  spec.id = message.id();
  spec.group = message.group();
  spec.command.assign(message.command().begin(), message.command().end());
  spec.env.assign(message.env().begin(), message.env().end());
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
  return spec;
}

v1::Limits ToProto(const ResourceLimits& limits) {
  v1::Limits message;
  if (limits.memory_bytes.has_value()) {
    SetIf(limits.memory_bytes->value, &message, &v1::Limits::set_memory_bytes);
    message.set_memory_unlimited(!limits.memory_bytes->value.has_value());
  }
  if (const auto& high = limits.memory_high_bytes) {
    SetIf(high->value, &message, &v1::Limits::set_memory_high_bytes);
    message.set_memory_high_unlimited(!high->value.has_value());
  }
  SetIf(limits.memory_low_bytes, &message, &v1::Limits::set_memory_low_bytes);
  SetIf(limits.memory_min_bytes, &message, &v1::Limits::set_memory_min_bytes);
  SetIf(limits.memory_oom_group, &message, &v1::Limits::set_memory_oom_group);
  if (const auto& swap = limits.memory_swap_bytes) {
    SetIf(swap->value, &message, &v1::Limits::set_memory_swap_bytes);
    message.set_memory_swap_unlimited(!swap->value.has_value());
  }
  SetIf(limits.cpu_shares, &message, &v1::Limits::set_cpu_shares);
  if (limits.cpu_quota.has_value()) {
    SetIf(limits.cpu_quota->cores, &message, &v1::Limits::set_cpus);
    message.set_cpus_unlimited(!limits.cpu_quota->cores.has_value());
    message.set_cpu_period_usec(limits.cpu_quota->period_usec);
  }
  SetIf(limits.cpu_burst_usec, &message, &v1::Limits::set_cpu_burst_usec);
  SetIf(limits.cpu_idle, &message, &v1::Limits::set_cpu_idle);
  if (limits.pids.has_value()) {
    SetIf(limits.pids->value, &message, &v1::Limits::set_pids);
    message.set_pids_unlimited(!limits.pids->value.has_value());
  }
  return message;
}

v1::Limits ToProto(const LimitValues& limits) {
  v1::Limits message;
  SetIf(limits.memory_bytes, &message, &v1::Limits::set_memory_bytes);
  SetIf(limits.memory_high_bytes, &message, &v1::Limits::set_memory_high_bytes);
  SetIf(limits.memory_low_bytes, &message, &v1::Limits::set_memory_low_bytes);
  SetIf(limits.memory_min_bytes, &message, &v1::Limits::set_memory_min_bytes);
  if (limits.memory_oom_group.has_value()) {
    message.set_memory_oom_group(*limits.memory_oom_group != 0);
  }
  SetIf(limits.memory_swap_bytes, &message, &v1::Limits::set_memory_swap_bytes);
  SetIf(limits.cpu_shares, &message, &v1::Limits::set_cpu_shares);
  SetIf(limits.cpu_cores, &message, &v1::Limits::set_cpus);
  if (limits.cpu_period_seconds.has_value()) {
    message.set_cpu_period_usec(
        static_cast<uint64_t>(std::llround(*limits.cpu_period_seconds * 1e6)));
  }
  if (limits.cpu_burst_seconds.has_value()) {
    message.set_cpu_burst_usec(
        static_cast<uint64_t>(std::llround(*limits.cpu_burst_seconds * 1e6)));
  }
  if (limits.cpu_idle.has_value()) message.set_cpu_idle(*limits.cpu_idle != 0);
  SetIf(limits.threads, &message, &v1::Limits::set_pids);
  return message;
}

v1::TaskSpec ToProto(const TaskSpec& spec) {
  v1::TaskSpec message;
  message.set_id(spec.id);
  message.set_group(spec.group);
  for (const std::string& word : spec.command) message.add_command(word);
  for (const std::string& variable : spec.env) message.add_env(variable);
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
  message.set_isolation("universal");
  return message;
}

v1::LimitSetting ToProto(const LimitSetting& setting) {
  v1::LimitSetting message;
  message.set_controller(setting.controller);
  message.set_file(setting.file);
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
  message.set_reason(exit.reason);
  *message.mutable_exited_at() = ToProto(exit.exited_at);
  return message;
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

google::protobuf::Timestamp ToProto(absl::Time time) {
  const timespec value = absl::ToTimespec(time);
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(value.tv_sec);
  timestamp.set_nanos(static_cast<int32_t>(value.tv_nsec));
  return timestamp;
}

absl::Time TimeFromProto(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) +
         absl::Nanoseconds(timestamp.nanos());
}

absl::Duration DurationFromProto(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) +
         absl::Nanoseconds(duration.nanos());
}

}  // namespace reeve
