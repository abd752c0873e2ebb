#include "agent/cli/task_text.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/quantity.h"
#include "base/signal_name.h"

namespace reeve {
namespace {

constexpr absl::string_view kPlainCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    "-_=+.,:/@%";

std::string Quoted(absl::string_view word) {
  if (!word.empty() &&
      word.find_first_not_of(kPlainCharacters) == absl::string_view::npos) {
    return std::string(word);
  }
  return absl::StrCat("\"", absl::Utf8SafeCEscape(word), "\"");
}

}  // namespace

absl::Time FromProto(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) +
         absl::Nanoseconds(time.nanos());
}

std::string ExitText(const v1::ExitStatus& exit) {
  if (exit.code() < 0) return absl::StrCat("unknown (", exit.reason(), ")");
  if (exit.oom_killed()) return absl::StrCat(exit.code(), " (out of memory)");
  if (exit.signal() != 0) {
    return absl::StrCat(exit.code(), " (", SignalName(exit.signal()), ")");
  }
  return absl::StrCat(exit.code());
}

std::string StateText(const v1::TaskSummary& task) {
  switch (task.state()) {
    case v1::TASK_STATE_STARTING:
      return "starting";
    case v1::TASK_STATE_RUNNING:
      return "running";
    case v1::TASK_STATE_PAUSED:
      return "paused";
    case v1::TASK_STATE_RESTARTING:
      return absl::StrCat("restarting after ", ExitText(task.last_exit()));
    case v1::TASK_STATE_EXITED:
      return absl::StrCat("exited ", ExitText(task.exit()));
    default:
      return "unknown";
  }
}

std::string UptimeText(const v1::TaskSummary& task, absl::Time now) {
  if (!task.has_started_at()) return "";
  const absl::Time end =
      task.exit().has_exited_at() ? FromProto(task.exit().exited_at()) : now;
  return ShortDuration(end - FromProto(task.started_at()));
}

std::string CommandText(
    const google::protobuf::RepeatedPtrField<std::string>& command) {
  std::string text;
  for (const std::string& word : command) {
    absl::StrAppend(&text, text.empty() ? "" : " ", Quoted(word));
  }
  return text;
}

std::string ThrottledText(const v1::Usage& usage) {
  if (!usage.has_cpu_periods() || !usage.has_cpu_throttled_periods()) return "";
  if (usage.cpu_periods() == 0) return "0%";
  return absl::StrFormat(
      "%.0f%%", 100.0 * static_cast<double>(usage.cpu_throttled_periods()) /
                    static_cast<double>(usage.cpu_periods()));
}

std::string MemoryLimitText(const v1::Limits& limits) {
  if (limits.has_memory_bytes()) return ShortSize(limits.memory_bytes());
  return limits.memory_unlimited() ? "max" : "";
}

std::string CpuLimitText(const v1::Limits& limits) {
  if (limits.has_cpus()) return absl::StrCat(limits.cpus());
  return limits.cpus_unlimited() ? "max" : "";
}

std::string PidsLimitText(const v1::Limits& limits) {
  if (limits.has_pids()) return absl::StrCat(limits.pids());
  return limits.pids_unlimited() ? "max" : "";
}

std::string PercentText(double percent) {
  return absl::StrFormat("%.1f%%", percent);
}

}  // namespace reeve
