#include "exporters/prometheus/processes_metrics.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "absl/types/variant.h"

namespace reeve {
namespace {

constexpr absl::string_view kStat = "/proc/PID/stat";
constexpr absl::string_view kIo = "/proc/PID/io";
constexpr absl::string_view kStatus = "/proc/PID/status";
constexpr absl::string_view kPerPidFlag = "--collector.processes.per-pid";
constexpr absl::string_view kPerPidIoFlags =
    "--collector.processes.per-pid --collector.processes.io";
constexpr absl::string_view kPerPidFdsFlags =
    "--collector.processes.per-pid --collector.processes.fds";
constexpr absl::string_view kPerPidStatusFlags =
    "--collector.processes.per-pid --collector.processes.status";
constexpr absl::string_view kIoFlag = "--collector.processes.io";
constexpr absl::string_view kFdsFlag = "--collector.processes.fds";
constexpr absl::string_view kStatusFlag = "--collector.processes.status";

MetricValue ValueOf(const std::optional<uint64_t>& value) {
  if (!value.has_value()) return absl::monostate();
  return *value;
}

MetricValue TimeOf(const std::optional<uint64_t>& nanoseconds) {
  if (!nanoseconds.has_value()) return absl::monostate();
  return Nanoseconds{*nanoseconds};
}

MetricValue ValueOf(absl::Time time) {
  return Nanoseconds{static_cast<uint64_t>(absl::ToUnixNanos(time))};
}

const ProcessCounters& CountersOf(const ProcessRow& row) {
  return row.usage.counters;
}
const ProcessCounters& CountersOf(const ProcessGroupRow& row) {
  return row.counters;
}
const ProcessGauges& GaugesOf(const ProcessRow& row) {
  return row.usage.gauges;
}
const ProcessGauges& GaugesOf(const ProcessGroupRow& row) { return row.gauges; }

template <typename Row, ProcessCounter kCounter>
MetricValue Counter(const Row& row) {
  return ValueOf(CountersOf(row)[kCounter]);
}

template <typename Row, ProcessCounter kCounter>
MetricValue TimeCounter(const Row& row) {
  return TimeOf(CountersOf(row)[kCounter]);
}

template <typename Row, ProcessGauge kGauge>
MetricValue Gauge(const Row& row) {
  return ValueOf(GaugesOf(row)[kGauge]);
}

template <ProcessState kState>
MetricValue InState(const ProcessGroupRow& row) {
  return row.states[kState];
}

template <typename Row>
std::vector<RowSeries<Row>> CpuSeries() {
  return {{R"(mode="user")", TimeCounter<Row, kCpuUserNs>},
          {R"(mode="system")", TimeCounter<Row, kCpuSystemNs>}};
}

template <typename Row>
std::vector<RowSeries<Row>> FaultSeries() {
  return {{R"(type="minor")", Counter<Row, kMinorFaults>},
          {R"(type="major")", Counter<Row, kMajorFaults>}};
}

template <typename Row>
std::vector<RowSeries<Row>> IoSeries() {
  return {{R"(op="read")", Counter<Row, kReadBytes>},
          {R"(op="write")", Counter<Row, kWriteBytes>}};
}

template <typename Row>
std::vector<RowSeries<Row>> SwitchSeries() {
  return {{R"(type="voluntary")", Counter<Row, kVoluntarySwitches>},
          {R"(type="involuntary")", Counter<Row, kInvoluntarySwitches>}};
}

// Of a group, and whatever tells its series apart.
std::vector<std::string> GroupLabels(const char* label = nullptr) {
  std::vector<std::string> labels = {"group"};
  if (label != nullptr) labels.emplace_back(label);
  return labels;
}

std::vector<std::string> ProcessLabels(const char* label = nullptr) {
  std::vector<std::string> labels = {"pid", "comm", "task"};
  if (label != nullptr) labels.emplace_back(label);
  return labels;
}

constexpr char kModes[] = "mode=user,system";
constexpr char kFaults[] = "type=minor,major";
constexpr char kOperations[] = "op=read,write";
constexpr char kSwitches[] = "type=voluntary,involuntary";
constexpr char kStates[] =
    "state=running,sleeping,blocked,stopped,zombie,other";
constexpr char kReasons[] = "reason=top,process_series,group_series";

using GroupFamilies = std::vector<RowFamily<ProcessGroupRow>>;
using EachFamilies = std::vector<RowFamily<ProcessRow>>;

void AddGroupStat(GroupFamilies& families) {
  using Row = ProcessGroupRow;
  families.push_back(
      {{"reeve_process_group_processes",
        "Processes of the group; 0 for five minutes after the last one ended.",
        "gauge", "", GroupLabels(), "/proc"},
       {{"", [](const Row& row) { return MetricValue(row.processes); }}}});
  families.push_back(
      {{"reeve_process_group_states",
        "Processes of the group by what they do. Blocked ones are not to "
        "be interrupted: in most cases they wait for a disk.",
        "gauge", "", GroupLabels(kStates), kStat},
       {{R"(state="running")", InState<kRunning>},
        {R"(state="sleeping")", InState<kSleeping>},
        {R"(state="blocked")", InState<kBlocked>},
        {R"(state="stopped")", InState<kStopped>},
        {R"(state="zombie")", InState<kZombie>},
        {R"(state="other")", InState<kOtherState>}}});
  families.push_back(
      {{"reeve_process_group_threads", "Threads of the group's processes.",
        "gauge", "", GroupLabels(), kStat},
       {{"", Gauge<Row, kThreads>}}});
  families.push_back(
      {{"reeve_process_group_cpu_seconds_total",
        "CPU time that processes used while they were in the group, those that "
        "have ended too.",
        "counter", "seconds", GroupLabels(kModes), kStat},
       CpuSeries<Row>()});
  families.push_back({{"reeve_process_group_page_faults_total",
                       "Page faults of the group's processes, those that have "
                       "ended too; major "
                       "ones had to wait for I/O.",
                       "counter", "", GroupLabels(kFaults), kStat},
                      FaultSeries<Row>()});
  families.push_back(
      {{"reeve_process_group_resident_memory_bytes",
        "Resident memory of the group's processes. What they share counts for "
        "each, and the kernel may be some pages behind.",
        "gauge", "bytes", GroupLabels(), kStat},
       {{"", Gauge<Row, kResidentBytes>}}});
  families.push_back({{"reeve_process_group_virtual_memory_bytes",
                       "Address space of the group's processes.", "gauge",
                       "bytes", GroupLabels(), kStat},
                      {{"", Gauge<Row, kVirtualBytes>}}});
  families.push_back(
      {{"reeve_process_group_oldest_start_time_seconds",
        "When the oldest process of the group was started, in Unix time.",
        "gauge", "seconds", GroupLabels(), kStat},
       {{"", [](const Row& row) {
           return row.oldest_started_at.has_value()
                      ? ValueOf(*row.oldest_started_at)
                      : MetricValue();
         }}}});
}

void AddGroupExtra(GroupFamilies& families) {
  using Row = ProcessGroupRow;
  families.push_back(
      {{"reeve_process_group_io_bytes_total",
        "Bytes that the group's processes had read from storage, or wrote to "
        "what is stored in the end.",
        "counter", "bytes", GroupLabels(kOperations), kIo, kIoFlag},
       IoSeries<Row>()});
  families.push_back({{"reeve_process_group_open_fds",
                       "File descriptors that the group's processes have open.",
                       "gauge", "", GroupLabels(), "/proc/PID/fd", kFdsFlag},
                      {{"", Gauge<Row, kOpenFds>}}});
  families.push_back(
      {{"reeve_process_group_worst_fds_ratio",
        "The highest share of its limit of descriptors that a process of the "
        "group has open.",
        "gauge", "ratio", GroupLabels(), "/proc/PID/fd, /proc/PID/limits",
        kFdsFlag},
       {{"", [](const Row& row) {
           return row.worst_fds_ratio.has_value()
                      ? MetricValue(*row.worst_fds_ratio)
                      : MetricValue();
         }}}});
  families.push_back({{"reeve_process_group_swap_bytes",
                       "Memory of the group's processes that is swapped out.",
                       "gauge", "bytes", GroupLabels(), kStatus, kStatusFlag},
                      {{"", Gauge<Row, kSwapBytes>}}});
  families.push_back(
      {{"reeve_process_group_context_switches_total",
        "How often the main threads of the group's processes gave a CPU up, or "
        "had to.",
        "counter", "", GroupLabels(kSwitches), kStatus, kStatusFlag},
       SwitchSeries<Row>()});
}

void AddProcessStat(EachFamilies& families) {
  using Row = ProcessRow;
  families.push_back(
      {{"reeve_process_start_time_seconds",
        "When the process was started, in Unix time: another "
        "one may have its pid later.",
        "gauge", "seconds", ProcessLabels(), kStat, kPerPidFlag},
       {{"", [](const Row& row) { return ValueOf(row.started_at); }}}});
  families.push_back({{"reeve_process_threads", "Threads of the process.",
                       "gauge", "", ProcessLabels(), kStat, kPerPidFlag},
                      {{"", Gauge<Row, kThreads>}}});
  families.push_back({{"reeve_process_cpu_seconds_total",
                       "CPU time that the process has used.", "counter",
                       "seconds", ProcessLabels(kModes), kStat, kPerPidFlag},
                      CpuSeries<Row>()});
  families.push_back(
      {{"reeve_process_page_faults_total",
        "Page faults of the process; major ones had to wait for I/O.",
        "counter", "", ProcessLabels(kFaults), kStat, kPerPidFlag},
       FaultSeries<Row>()});
  families.push_back({{"reeve_process_resident_memory_bytes",
                       "Resident memory of the process. The kernel may be some "
                       "pages behind.",
                       "gauge", "bytes", ProcessLabels(), kStat, kPerPidFlag},
                      {{"", Gauge<Row, kResidentBytes>}}});
  families.push_back(
      {{"reeve_process_virtual_memory_bytes", "Address space of the process.",
        "gauge", "bytes", ProcessLabels(), kStat, kPerPidFlag},
       {{"", Gauge<Row, kVirtualBytes>}}});
}

void AddProcessExtra(EachFamilies& families) {
  using Row = ProcessRow;
  families.push_back(
      {{"reeve_process_io_bytes_total",
        "Bytes that the process had read from storage, or wrote to what is "
        "stored in the end.",
        "counter", "bytes", ProcessLabels(kOperations), kIo, kPerPidIoFlags},
       IoSeries<Row>()});
  families.push_back(
      {{"reeve_process_open_fds", "File descriptors that the process has open.",
        "gauge", "", ProcessLabels(), "/proc/PID/fd", kPerPidFdsFlags},
       {{"", Gauge<Row, kOpenFds>}}});
  families.push_back(
      {{"reeve_process_max_fds",
        "The most file descriptors the process may have open.", "gauge", "",
        ProcessLabels(), "/proc/PID/limits", kPerPidFdsFlags},
       {{"", Gauge<Row, kMaxFds>}}});
  families.push_back({{"reeve_process_swap_bytes",
                       "Memory of the process that is swapped out.", "gauge",
                       "bytes", ProcessLabels(), kStatus, kPerPidStatusFlags},
                      {{"", Gauge<Row, kSwapBytes>}}});
  families.push_back(
      {{"reeve_process_context_switches_total",
        "How often the main thread of the process gave a CPU up, or had to.",
        "counter", "", ProcessLabels(kSwitches), kStatus, kPerPidStatusFlags},
       SwitchSeries<Row>()});
}

bool IsOn(absl::string_view flags, const ProcessesOptions& options) {
  if (absl::EndsWith(flags, kIoFlag)) return options.io;
  if (absl::EndsWith(flags, kFdsFlag)) return options.fds;
  if (absl::EndsWith(flags, kStatusFlag)) return options.status;
  return true;
}

template <typename Row>
size_t CountSeries(const std::vector<RowFamily<Row>>& families,
                   const ProcessesOptions& options) {
  size_t series = 0;
  for (const RowFamily<Row>& family : families) {
    if (IsOn(family.description.flag, options)) series += family.series.size();
  }
  return series;
}

template <typename Row>
void AddDescriptions(const std::vector<RowFamily<Row>>& families,
                     HostFamilies& chapter) {
  for (const RowFamily<Row>& family : families) {
    chapter.families.push_back(family.description);
  }
}

}  // namespace

std::vector<RowFamily<ProcessGroupRow>> ProcessGroupFamilies() {
  GroupFamilies families;
  AddGroupStat(families);
  AddGroupExtra(families);
  return families;
}

std::vector<RowFamily<ProcessRow>> ProcessFamilies() {
  EachFamilies families;
  AddProcessStat(families);
  AddProcessExtra(families);
  return families;
}

std::vector<RowFamily<OmittedProcesses>> OmittedProcessesFamilies() {
  using Row = OmittedProcesses;
  return {
      {{"reeve_processes_omitted",
        "Processes without series of their own because they are not in the "
        "top, or for --collector.processes.max-series, and processes that are "
        "in no group for that flag.",
        "gauge",
        "",
        {kReasons},
        ""},
       {{R"(reason="top")",
         [](const Row& row) { return MetricValue(row.top); }},
        {R"(reason="process_series")",
         [](const Row& row) { return MetricValue(row.process_series); }},
        {R"(reason="group_series")",
         [](const Row& row) { return MetricValue(row.group_series); }}}}};
}

size_t SeriesPerGroup(const ProcessesOptions& options) {
  return CountSeries(ProcessGroupFamilies(), options);
}

size_t SeriesPerProcess(const ProcessesOptions& options) {
  return CountSeries(ProcessFamilies(), options);
}

HostFamilies ProcessesChapter() {
  HostFamilies chapter;
  chapter.title = "Processes";
  chapter.introduction =
      "With `--collector.processes`: the processes of the host in groups, and "
      "with\n`--collector.processes.per-pid` each one; see "
      "[processes.md](processes.md). The label\n`group` is what "
      "`--collector.processes.group-by` makes of a process, `comm` is the name "
      "of\nits program, and `task` the id of its task, if it has one. CPU time "
      "is in steps of a\nclock tick, 10 ms on nearly every machine.";
  AddDescriptions(ProcessGroupFamilies(), chapter);
  AddDescriptions(ProcessFamilies(), chapter);
  AddDescriptions(OmittedProcessesFamilies(), chapter);
  return chapter;
}

}  // namespace reeve
