#include "collectors/procfs/host_load.h"

#include <cstddef>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/file.h"

namespace reeve {
namespace {

std::vector<absl::string_view> Words(absl::string_view line) {
  return absl::StrSplit(line, ' ', absl::SkipWhitespace());
}

// "MemTotal:       24607308 kB".
std::optional<uint64_t> BytesOf(absl::string_view name,
                                absl::string_view meminfo) {
  for (absl::string_view line : absl::StrSplit(meminfo, '\n')) {
    if (!absl::ConsumePrefix(&line, name)) continue;
    uint64_t kib;
    absl::ConsumeSuffix(&line, "kB");
    if (!absl::SimpleAtoi(line, &kib)) return std::nullopt;
    return kib * 1024;
  }
  return std::nullopt;
}

std::string Contents(const std::string& procfs, absl::string_view name) {
  return ReadFile(absl::StrCat(procfs, "/", name)).value_or("");
}

}  // namespace

// cpu  user nice system idle iowait irq softirq steal guest guest_nice
// cpu0 …
// The last two are in user and nice already.
std::optional<HostCpuTimes> ParseCpuTimes(absl::string_view stat) {
  constexpr size_t kIdle = 4;
  constexpr size_t kIowait = 5;
  constexpr size_t kSteal = 8;
  HostCpuTimes times;
  bool found = false;
  for (const absl::string_view line : absl::StrSplit(stat, '\n')) {
    const std::vector<absl::string_view> words = Words(line);
    if (words.empty() || !absl::StartsWith(words[0], "cpu")) continue;
    if (words[0] != "cpu") {
      ++times.cpus;
      continue;
    }
    found = words.size() > kIdle;
    for (size_t i = 1; i < words.size() && i <= kSteal; ++i) {
      uint64_t ticks;
      if (!absl::SimpleAtoi(words[i], &ticks)) return std::nullopt;
      times.all_ticks += ticks;
      if (i != kIdle && i != kIowait) times.busy_ticks += ticks;
    }
  }
  if (!found) return std::nullopt;
  return times;
}

std::optional<HostMemory> ParseMemInfo(absl::string_view meminfo) {
  const std::optional<uint64_t> total = BytesOf("MemTotal:", meminfo);
  const std::optional<uint64_t> available = BytesOf("MemAvailable:", meminfo);
  if (!total.has_value() || !available.has_value()) return std::nullopt;
  return HostMemory{*total, *available};
}

// 0.20 0.18 0.12 1/80 11206
std::optional<std::array<double, 3>> ParseLoadAverage(
    absl::string_view loadavg) {
  const std::vector<absl::string_view> words = Words(loadavg);
  std::array<double, 3> load;
  if (words.size() < load.size()) return std::nullopt;
  for (size_t i = 0; i < load.size(); ++i) {
    if (!absl::SimpleAtod(words[i], &load[i])) return std::nullopt;
  }
  return load;
}

// some avg10=1.25 avg60=0.10 avg300=0.00 total=1234
// full …
std::optional<double> ParseRecentPressure(absl::string_view pressure) {
  const std::vector<absl::string_view> words = Words(pressure);
  if (words.size() < 2 || words[0] != "some") return std::nullopt;
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
  host.cpu = ParseCpuTimes(Contents(procfs, "stat"));
  host.memory = ParseMemInfo(Contents(procfs, "meminfo"));
  host.load = ParseLoadAverage(Contents(procfs, "loadavg"));
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
