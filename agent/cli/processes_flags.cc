#include "agent/cli/processes_flags.h"

#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/quantity.h"

namespace reeve {
namespace {

constexpr absl::string_view kPrefix = "--collector.processes.";
constexpr absl::Duration kShortestInterval = absl::Milliseconds(100);
// Of one process or one group, whatever is asked for.
constexpr size_t kLeastSeries = 100;

std::string Name(absl::string_view name) { return absl::StrCat(kPrefix, name); }

// Beside what a flag does, notes that it was given.
FlagSet::Setter Noting(ProcessesSettings* settings, absl::string_view name,
                       FlagSet::Setter setter) {
  return [settings, name, setter = std::move(setter)](const std::string& text) {
    settings->detail = Name(name);
    return setter(text);
  };
}

FlagSet::Setter NumberOfAtLeast(size_t least, size_t* target) {
  return [least, target](const std::string& text) {
    size_t number = 0;
    if (!absl::SimpleAtoi(text, &number) || number < least) {
      return absl::InvalidArgumentError(absl::StrCat(
          text.empty() ? "\"\"" : text, ": use a number, ", least, " or more"));
    }
    *target = number;
    return absl::OkStatus();
  };
}

absl::Status SetInterval(const std::string& text, absl::Duration* target) {
  const absl::StatusOr<absl::Duration> interval = ParseDuration(text);
  if (!interval.ok()) return interval.status();
  if (*interval < kShortestInterval) {
    return absl::InvalidArgumentError(absl::StrCat(
        text, ": use ", absl::FormatDuration(kShortestInterval), " or more"));
  }
  *target = *interval;
  return absl::OkStatus();
}

absl::Status SetGroupBy(const std::string& text, GroupTemplate* target) {
  absl::StatusOr<GroupTemplate> parsed = GroupTemplate::Parse(text);
  if (!parsed.ok()) return parsed.status();
  *target = *std::move(parsed);
  return absl::OkStatus();
}

void AddGroupFlags(FlagSet* flags, ProcessesSettings* settings) {
  ProcessesOptions* const options = &settings->options;
  flags->AddValue(
      Name("group-by"), "comm|exe|cgroup|user|task|TEMPLATE",
      "What processes are counted together by, such as \"{{.Comm}};{{.User}}\" "
      "with Comm, Exe, ExePath, User, Cgroup, Task and Pid [comm]",
      Noting(settings, "group-by", [options](const std::string& text) {
        return SetGroupBy(text, &options->group_by);
      }));
  flags->AddValue(
      Name("include"), "REGEX",
      "Only processes of groups whose whole name it matches [all]",
      Noting(settings, "include", [options](const std::string& text) {
        return options->filter.SetInclude(text);
      }));
  flags->AddValue(
      Name("exclude"), "REGEX", "And none of these [none]",
      Noting(settings, "exclude", [options](const std::string& text) {
        return options->filter.SetExclude(text);
      }));
}

void AddPerPidFlags(FlagSet* flags, ProcessesSettings* settings) {
  flags->AddToggle("collector.processes.per-pid",
                   "Series of their own for processes, too",
                   &settings->options.per_pid);
  flags->AddValue(
      Name("top"), "N",
      "Of these, the N that use most CPU time and the N with most memory "
      "[0: all]",
      Noting(settings, "top", NumberOfAtLeast(0, &settings->options.top)));
  flags->AddValue(
      Name("max-series"), "N",
      "The most series that groups have together, and processes [20000]",
      Noting(settings, "max-series",
             NumberOfAtLeast(kLeastSeries, &settings->max_series)));
}

}  // namespace

void AddProcessesFlags(FlagSet* flags, ProcessesSettings* settings) {
  ProcessesOptions* const options = &settings->options;
  flags->BeginGroup("The processes of the host (off by default)");
  flags->AddToggle("collector.processes",
                   "What processes use, by groups of them", &settings->enabled);
  flags->AddValue(
      Name("interval"), "DURATION",
      "Time between two looks at them, 100ms or more [5s]",
      Noting(settings, "interval", [settings](const std::string& text) {
        return SetInterval(text, &settings->interval);
      }));
  AddGroupFlags(flags, settings);
  AddPerPidFlags(flags, settings);
  flags->AddToggle("collector.processes.kernel-threads",
                   "Threads of the kernel, too", &options->kernel_threads);
  flags->AddToggle("collector.processes.io",
                   "Bytes read from and written to storage", &options->io);
  flags->AddToggle("collector.processes.fds",
                   "Open file descriptors and their limits", &options->fds);
  flags->AddToggle("collector.processes.status", "Swap and context switches",
                   &options->status);
}

absl::Status CheckProcessesFlags(const ProcessesSettings& settings) {
  const ProcessesOptions& options = settings.options;
  if (settings.enabled) return absl::OkStatus();
  std::string detail = settings.detail;
  if (options.per_pid) detail = Name("per-pid");
  if (options.kernel_threads) detail = Name("kernel-threads");
  if (options.io) detail = Name("io");
  if (options.fds) detail = Name("fds");
  if (options.status) detail = Name("status");
  if (detail.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(detail, " needs --collector.processes"));
}

}  // namespace reeve
