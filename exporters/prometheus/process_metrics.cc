#include "exporters/prometheus/process_metrics.h"

#include <dirent.h>
#include <linux/magic.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "base/clock_ticks.h"
#include "base/file.h"

namespace reeve {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr double kNanosecondsPerSecond = 1e9;

double SecondsFromClockTicks(uint64_t ticks) {
  return static_cast<double>(NanosecondsFromClockTicks(ticks)) /
         kNanosecondsPerSecond;
}

void Add(const std::string& name, const std::string& help, MetricType type,
         double value, std::vector<MetricFamily>* families) {
  MetricFamily family;
  family.name = name;
  family.help = help;
  family.type = type;
  family.metric.resize(1);
  if (type == MetricType::Counter) {
    family.metric[0].counter.value = value;
  } else {
    family.metric[0].gauge.value = value;
  }
  families->push_back(std::move(family));
}

// The fields of /proc/PID/stat by their numbers in proc(5); those up to the
// command, which may hold anything, are left out.
class StatFields {
 public:
  explicit StatFields(absl::string_view stat) {
    const size_t command_end = stat.rfind(')');
    if (command_end == absl::string_view::npos) return;
    fields_ = absl::StrSplit(stat.substr(command_end + 1), ' ',
                             absl::SkipWhitespace());
  }

  std::optional<uint64_t> Get(size_t number) const {
    constexpr size_t kFirst = 3;
    uint64_t value;
    if (number - kFirst >= fields_.size() ||
        !absl::SimpleAtoi(fields_[number - kFirst], &value)) {
      return std::nullopt;
    }
    return value;
  }

 private:
  std::vector<absl::string_view> fields_;
};

std::optional<double> ReadBootTime(const std::string& procfs) {
  const absl::StatusOr<std::string> stat = ReadFile(procfs + "/stat");
  if (!stat.ok()) return std::nullopt;
  for (absl::string_view line : absl::StrSplit(*stat, '\n')) {
    double seconds;
    if (absl::ConsumePrefix(&line, "btime ") &&
        absl::SimpleAtod(line, &seconds)) {
      return seconds;
    }
  }
  return std::nullopt;
}

void AddStat(const StatFields& stat, std::optional<double> boot_time_seconds,
             std::vector<MetricFamily>* families) {
  constexpr size_t kUserTime = 14;
  constexpr size_t kSystemTime = 15;
  constexpr size_t kThreads = 20;
  constexpr size_t kStartTime = 22;
  constexpr size_t kVirtualBytes = 23;
  constexpr size_t kResidentPages = 24;
  const auto user = stat.Get(kUserTime);
  const auto system = stat.Get(kSystemTime);
  if (user && system) {
    Add("process_cpu_seconds_total", "CPU time used by the agent.",
        MetricType::Counter, SecondsFromClockTicks(*user + *system), families);
  }
  if (const auto pages = stat.Get(kResidentPages)) {
    const auto page_bytes = static_cast<double>(sysconf(_SC_PAGESIZE));
    Add("process_resident_memory_bytes", "Resident memory of the agent.",
        MetricType::Gauge, static_cast<double>(*pages) * page_bytes, families);
  }
  if (const auto bytes = stat.Get(kVirtualBytes)) {
    Add("process_virtual_memory_bytes", "Address space of the agent.",
        MetricType::Gauge, static_cast<double>(*bytes), families);
  }
  const auto start = stat.Get(kStartTime);
  if (start && boot_time_seconds) {
    Add("process_start_time_seconds",
        "When the agent was started, in Unix time.", MetricType::Gauge,
        *boot_time_seconds + SecondsFromClockTicks(*start), families);
  }
  if (const auto threads = stat.Get(kThreads)) {
    Add("process_threads", "Threads of the agent.", MetricType::Gauge,
        static_cast<double>(*threads), families);
  }
}

std::optional<double> CountEntries(const std::string& path) {
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(opendir(path.c_str()),
                                                closedir);
  if (dir == nullptr) return std::nullopt;
  double entries = 0;
  while (const dirent* entry = readdir(dir.get())) {
    if (entry->d_name[0] != '.') ++entries;
  }
  return entries;
}

// Since Linux 6.2 the size of /proc/PID/fd is the number of descriptors: with a
// dozen for each task, listing them takes longer than rendering the page.
std::optional<double> CountDescriptors(const std::string& path) {
  struct stat info;
  struct statfs file_system;
  if (stat(path.c_str(), &info) == 0 && info.st_size > 0 &&
      statfs(path.c_str(), &file_system) == 0 &&
      file_system.f_type == PROC_SUPER_MAGIC) {
    return static_cast<double>(info.st_size);
  }
  const std::optional<double> listed = CountEntries(path);
  if (!listed.has_value()) return std::nullopt;
  return *listed - 1;  // Without the one that the directory was read through.
}

void AddDescriptors(const std::string& procfs,
                    std::vector<MetricFamily>* families) {
  if (const auto open = CountDescriptors(procfs + "/self/fd")) {
    Add("process_open_fds", "Open file descriptors of the agent.",
        MetricType::Gauge, *open, families);
  }
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    Add("process_max_fds", "The most file descriptors the agent may have open.",
        MetricType::Gauge, static_cast<double>(limit.rlim_cur), families);
  }
}

}  // namespace

ProcessMetrics::ProcessMetrics(std::string procfs)
    : procfs_(std::move(procfs)), boot_time_seconds_(ReadBootTime(procfs_)) {}

std::vector<MetricFamily> ProcessMetrics::Collect() const {
  std::vector<MetricFamily> families;
  const absl::StatusOr<std::string> stat = ReadFile(procfs_ + "/self/stat");
  if (stat.ok()) AddStat(StatFields(*stat), boot_time_seconds_, &families);
  AddDescriptors(procfs_, &families);
  return families;
}

}  // namespace reeve
