#include "collectors/procfs/proc_stat.h"

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/flat_keyed.h"
#include "base/kernel_number.h"
#include "base/words.h"

namespace reeve {
namespace {

// cpu  user nice system idle iowait irq softirq steal guest guest_nice
bool ParseCpuLine(absl::string_view line, ProcStat* stat) {
  std::array<absl::string_view, 1 + kCpuModes.size()> words;
  const size_t count = SplitWords(line, absl::MakeSpan(words));
  for (size_t i = 1; i < count; ++i) {
    stat->cpu_ticks[i - 1] = DecimalFrom(words[i]);
    if (!stat->cpu_ticks[i - 1].has_value()) return false;
  }
  return true;
}

}  // namespace

absl::StatusOr<ProcStat> ParseProcStat(absl::string_view contents) {
  ProcStat stat;
  // The lines of CPUs come first, that of all of them before the others.
  uint64_t cpus = 0;
  while (absl::StartsWith(contents, "cpu")) {
    const absl::string_view line = TakeLine(&contents);
    if (!absl::StartsWith(line, "cpu ")) {
      ++cpus;
    } else if (!ParseCpuLine(line, &stat)) {
      return absl::DataLossError(absl::StrCat(
          "no CPU time: \"", absl::CEscape(line.substr(0, 120)), "\""));
    }
  }
  if (cpus > 0) stat.cpus = cpus;
  const absl::Status scanned =
      ScanFlatKeyed(contents, {{"ctxt", &stat.context_switches},
                               {"btime", &stat.boot_time_seconds},
                               {"processes", &stat.forks},
                               {"procs_running", &stat.running},
                               {"procs_blocked", &stat.blocked}});
  if (!scanned.ok()) return scanned;
  return stat;
}

}  // namespace reeve
