#include "collectors/procfs/host_load.h"

#include <cstddef>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "base/file.h"
#include "base/words.h"
#include "collectors/procfs/loadavg.h"
#include "collectors/procfs/meminfo.h"

namespace reeve {
namespace {

std::string Contents(const std::string& procfs, absl::string_view name) {
  return ReadFile(absl::StrCat(procfs, "/", name)).value_or("");
}

}  // namespace

std::optional<HostCpuTimes> CpuTimesFrom(const ProcStat& stat) {
  HostCpuTimes times;
  times.cpus = stat.cpus.value_or(0);
  for (size_t i = 0; i < kCpuModes.size(); ++i) {
    const bool is_idle = kCpuModes[i] == "idle";
    if (is_idle && !stat.cpu_ticks[i].has_value()) return std::nullopt;
    const uint64_t ticks = stat.cpu_ticks[i].value_or(0);
    times.all_ticks += ticks;
    if (!is_idle && kCpuModes[i] != "iowait") times.busy_ticks += ticks;
  }
  return times;
}

// some avg10=1.25 avg60=0.10 avg300=0.00 total=1234
// full …
std::optional<double> ParseRecentPressure(absl::string_view pressure) {
  std::array<absl::string_view, 2> words;
  if (SplitWords(pressure, absl::MakeSpan(words)) < 2 || words[0] != "some") {
    return std::nullopt;
  }
  absl::string_view average = words[1];
  double percent;
  if (!absl::ConsumePrefix(&average, "avg10=") ||
      !absl::SimpleAtod(average, &percent)) {
    return std::nullopt;
  }
  return percent;
}

HostLoad ReadHostLoad(const std::string& procfs) {
  HostLoad host;
  const absl::StatusOr<ProcStat> stat = ParseProcStat(Contents(procfs, "stat"));
  if (stat.ok()) host.cpu = CpuTimesFrom(*stat);
  const absl::StatusOr<Meminfo> meminfo =
      ParseMeminfo(Contents(procfs, "meminfo"));
  if (meminfo.ok() && meminfo->total_bytes && meminfo->available_bytes) {
    host.memory = HostMemory{*meminfo->total_bytes, *meminfo->available_bytes};
  }
  const absl::StatusOr<Loadavg> loadavg =
      ParseLoadavg(Contents(procfs, "loadavg"));
  if (loadavg.ok()) host.load = loadavg->load;
  host.cpu_pressure = ParseRecentPressure(Contents(procfs, "pressure/cpu"));
  host.memory_pressure =
      ParseRecentPressure(Contents(procfs, "pressure/memory"));
  host.io_pressure = ParseRecentPressure(Contents(procfs, "pressure/io"));
  return host;
}

HostUsage UsageBetween(const HostLoad& before, const HostLoad& now) {
  HostUsage usage;
  usage.load = now;
  // idle and iowait may go back a little.
  if (before.cpu.has_value() && now.cpu.has_value() &&
      now.cpu->all_ticks > before.cpu->all_ticks &&
      now.cpu->busy_ticks >= before.cpu->busy_ticks) {
    const auto busy =
        static_cast<double>(now.cpu->busy_ticks - before.cpu->busy_ticks);
    const auto all =
        static_cast<double>(now.cpu->all_ticks - before.cpu->all_ticks);
    usage.cpu_percent = busy < all ? 100 * busy / all : 100;
  }
  return usage;
}

}  // namespace reeve
