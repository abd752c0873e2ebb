#include "agent/cli/usage_text.h"

#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "agent/cli/table.h"
#include "agent/cli/task_text.h"
#include "base/quantity.h"

namespace reeve {
namespace {

// Values by name, as "NAME VALUE" on one line; those not measured show "-".
class UsageRow {
 public:
  void Add(absl::string_view name, bool measured, const std::string& value) {
    parts_.push_back(absl::StrCat(name, " ", measured ? value : "-"));
  }
  std::string Text() const { return absl::StrJoin(parts_, ", "); }

 private:
  std::vector<std::string> parts_;
};

std::string NanosText(uint64_t nanos) {
  return ShortDuration(absl::Nanoseconds(static_cast<int64_t>(nanos)));
}

std::string CpuText(const v1::Usage& usage) {
  UsageRow row;
  row.Add("now", usage.has_cpu_percent(), PercentText(usage.cpu_percent()));
  row.Add("user", usage.has_cpu_user_percent(),
          PercentText(usage.cpu_user_percent()));
  row.Add("system", usage.has_cpu_system_percent(),
          PercentText(usage.cpu_system_percent()));
  row.Add("ticks", usage.has_cpu_ticks_mhz(),
          absl::StrFormat("%.0f MHz", usage.cpu_ticks_mhz()));
  return row.Text();
}

std::string CpuTimeText(const v1::Usage& usage) {
  UsageRow row;
  row.Add("total", usage.has_cpu_usage_nsec(),
          NanosText(usage.cpu_usage_nsec()));
  row.Add("user", usage.has_cpu_user_nsec(), NanosText(usage.cpu_user_nsec()));
  row.Add("system", usage.has_cpu_system_nsec(),
          NanosText(usage.cpu_system_nsec()));
  return row.Text();
}

std::string ThrottlingText(const v1::Usage& usage) {
  UsageRow row;
  row.Add("periods", usage.has_cpu_periods(),
          absl::StrCat(usage.cpu_periods()));
  row.Add("throttled", usage.has_cpu_throttled_periods(),
          absl::StrCat(usage.cpu_throttled_periods()));
  row.Add("for", usage.has_cpu_throttled_nsec(),
          NanosText(usage.cpu_throttled_nsec()));
  return row.Text();
}

std::string MemoryText(const v1::Usage& usage) {
  UsageRow row;
  row.Add("usage", usage.has_memory_usage_bytes(),
          ShortSize(usage.memory_usage_bytes()));
  row.Add("working set", usage.has_memory_working_set_bytes(),
          ShortSize(usage.memory_working_set_bytes()));
  row.Add("peak", usage.has_memory_peak_bytes(),
          ShortSize(usage.memory_peak_bytes()));
  row.Add("swap", usage.has_memory_swap_bytes(),
          ShortSize(usage.memory_swap_bytes()));
  return row.Text();
}

std::string MemoryKindsText(const v1::Usage& usage) {
  UsageRow row;
  row.Add("anon", usage.has_memory_anon_bytes(),
          ShortSize(usage.memory_anon_bytes()));
  row.Add("file", usage.has_memory_file_bytes(),
          ShortSize(usage.memory_file_bytes()));
  row.Add("mapped", usage.has_memory_mapped_file_bytes(),
          ShortSize(usage.memory_mapped_file_bytes()));
  row.Add("kernel", usage.has_memory_kernel_bytes(),
          ShortSize(usage.memory_kernel_bytes()));
  return row.Text();
}

std::string MemoryEventsText(const v1::Usage& usage) {
  UsageRow row;
  row.Add("low", usage.has_memory_low_events(),
          absl::StrCat(usage.memory_low_events()));
  row.Add("high", usage.has_memory_high_events(),
          absl::StrCat(usage.memory_high_events()));
  row.Add("limit", usage.has_memory_max_events(),
          absl::StrCat(usage.memory_max_events()));
  row.Add("oom", usage.has_memory_oom_events(),
          absl::StrCat(usage.memory_oom_events()));
  return row.Text();
}

std::string PidsText(const v1::Usage& usage) {
  UsageRow row;
  row.Add("threads", usage.has_threads(), absl::StrCat(usage.threads()));
  row.Add("refused forks", usage.has_fork_failures(),
          absl::StrCat(usage.fork_failures()));
  return row.Text();
}

std::string ProcessesText(const v1::StatsResponse& stats) {
  constexpr Table::Align kRight = Table::Align::kRight;
  Table table({{"PID", kRight},
               {"CPU%", kRight},
               {"CPU-TIME", kRight},
               {"RSS", kRight},
               {"SWAP", kRight},
               {"THREADS", kRight},
               {"NAME"}});
  const std::map<int32_t, v1::ProcessUsage> by_pid(stats.pids().begin(),
                                                   stats.pids().end());
  for (const auto& [pid, process] : by_pid) {
    table.AddRow(
        {absl::StrCat(pid),
         process.has_cpu_percent() ? PercentText(process.cpu_percent()) : "",
         NanosText(process.cpu_user_nsec() + process.cpu_system_nsec()),
         ShortSize(process.rss_bytes()), ShortSize(process.swap_bytes()),
         absl::StrCat(process.threads()), process.comm()});
  }
  if (stats.has_process_totals()) {
    const v1::ProcessTotals& totals = stats.process_totals();
    table.AddRow(
        {"sum",
         totals.has_cpu_percent() ? PercentText(totals.cpu_percent()) : "",
         NanosText(totals.cpu_user_nsec() + totals.cpu_system_nsec()),
         ShortSize(totals.rss_bytes()), ShortSize(totals.swap_bytes()),
         absl::StrCat(totals.threads()),
         absl::StrCat("(", totals.processes(),
                      totals.processes() == 1 ? " process)" : " processes)")});
  }
  return table.Render();
}

constexpr char kLineFormat[] = "%8s %7s %7s %7s %9s %8s %8s %8s %8s\n";

}  // namespace

std::string UsageText(const v1::StatsResponse& stats) {
  const v1::Usage& usage = stats.usage();
  const std::pair<const char*, std::string> lines[] = {
      {"cpu", CpuText(usage)},
      {"cpu time", CpuTimeText(usage)},
      {"cpu limit", ThrottlingText(usage)},
      {"memory", MemoryText(usage)},
      {"memory kinds", MemoryKindsText(usage)},
      {"memory events", MemoryEventsText(usage)},
      {"oom kills",
       usage.has_oom_kills() ? absl::StrCat(usage.oom_kills()) : "-"},
      {"pids", PidsText(usage)},
  };
  std::string text;
  for (const auto& [name, value] : lines) {
    absl::StrAppendFormat(&text, "%-14s%s\n", name, value);
  }
  if (!usage.measured_by_processes().empty()) {
    absl::StrAppendFormat(&text, "%-14s%s\n", "by processes",
                          absl::StrJoin(usage.measured_by_processes(), ", "));
  }
  if (!stats.pids().empty()) absl::StrAppend(&text, "\n", ProcessesText(stats));
  return text;
}

std::string UsageLineHeading() {
  return absl::StrFormat(kLineFormat, "TIME", "CPU%", "USER%", "SYSTEM%",
                         "THROTTLED", "MEM", "WORKING", "PEAK", "PIDS");
}

std::string UsageLine(const v1::StatsResponse& stats) {
  const v1::Usage& usage = stats.usage();
  const auto percent = [](bool measured, double value) {
    return measured ? absl::StrFormat("%.1f", value) : "-";
  };
  const auto size = [](bool measured, uint64_t value) {
    return measured ? ShortSize(value) : "-";
  };
  const std::string throttled = ThrottledText(usage);
  return absl::StrFormat(
      kLineFormat,
      usage.has_taken_at()
          ? absl::FormatTime("%H:%M:%S", FromProto(usage.taken_at()),
                             absl::LocalTimeZone())
          : "-",
      percent(usage.has_cpu_percent(), usage.cpu_percent()),
      percent(usage.has_cpu_user_percent(), usage.cpu_user_percent()),
      percent(usage.has_cpu_system_percent(), usage.cpu_system_percent()),
      throttled.empty() ? "-" : throttled,
      size(usage.has_memory_usage_bytes(), usage.memory_usage_bytes()),
      size(usage.has_memory_working_set_bytes(),
           usage.memory_working_set_bytes()),
      size(usage.has_memory_peak_bytes(), usage.memory_peak_bytes()),
      usage.has_threads() ? absl::StrCat(usage.threads()) : "-");
}

}  // namespace reeve
