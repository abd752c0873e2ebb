#include "collectors/processes/usage_reader.h"

#include <unistd.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/clock_ticks.h"
#include "collectors/procfs/open_descriptors.h"
#include "collectors/procfs/open_files_limit.h"
#include "collectors/procfs/pid_io.h"
#include "collectors/procfs/pid_status.h"
#include "collectors/procfs/process_file.h"

namespace reeve {
namespace {

constexpr char kCollector[] = "processes";

// True if there is a value.
template <typename Value>
bool Told(const absl::StatusOr<Value>& value, ReadErrorSink on_error) {
  if (!value.ok() && !absl::IsNotFound(value.status())) {
    on_error(kCollector, value.status());
  }
  return value.ok();
}

struct StatusUsage {
  uint64_t swap_bytes;
  ContextSwitches switches;
};

absl::StatusOr<StatusUsage> ParseStatusUsage(absl::string_view contents) {
  const absl::StatusOr<PidStatus> status = ParsePidStatus(contents);
  if (!status.ok()) return status.status();
  return StatusUsage{status->vm_swap_kib * 1024,
                     ParseContextSwitches(contents)};
}

}  // namespace

ProcessUsage UsageOf(const PidStat& stat) {
  static const auto page_bytes = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  ProcessUsage usage;
  usage.counters[kCpuUserNs] = NanosecondsFromClockTicks(stat.utime);
  usage.counters[kCpuSystemNs] = NanosecondsFromClockTicks(stat.stime);
  usage.counters[kMinorFaults] = stat.minflt;
  usage.counters[kMajorFaults] = stat.majflt;
  usage.gauges[kThreads] = stat.num_threads;
  usage.gauges[kVirtualBytes] = stat.vsize;
  if (stat.rss.has_value())
    usage.gauges[kResidentBytes] = *stat.rss * page_bytes;
  usage.state = ProcessStateOf(stat.state);
  return usage;
}

void UsageReader::AddTo(ProcessUsage& usage, int procfs_fd, pid_t pid,
                        ReadErrorSink on_error) {
  if (wanted_.io) AddIo(usage, procfs_fd, pid, on_error);
  if (wanted_.fds) AddFds(usage, procfs_fd, pid, on_error);
  if (wanted_.status) AddStatus(usage, procfs_fd, pid, on_error);
}

void UsageReader::AddIo(ProcessUsage& usage, int procfs_fd, pid_t pid,
                        ReadErrorSink on_error) {
  const absl::StatusOr<PidIo> io =
      ReadProcessFile(procfs_fd, pid, "io", buffer_, ParsePidIo);
  if (!Told(io, on_error)) return;
  usage.counters[kReadBytes] = io->read_bytes;
  usage.counters[kWriteBytes] = io->write_bytes;
}

void UsageReader::AddFds(ProcessUsage& usage, int procfs_fd, pid_t pid,
                         ReadErrorSink on_error) {
  const absl::StatusOr<uint64_t> open =
      CountDescriptors(procfs_fd, ProcessFilePath(pid, "fd").c_str());
  if (Told(open, on_error)) usage.gauges[kOpenFds] = *open;
  const absl::StatusOr<std::optional<uint64_t>> limit =
      ReadProcessFile(procfs_fd, pid, "limits", buffer_, ParseOpenFilesLimit);
  if (Told(limit, on_error)) usage.gauges[kMaxFds] = *limit;
}

void UsageReader::AddStatus(ProcessUsage& usage, int procfs_fd, pid_t pid,
                            ReadErrorSink on_error) {
  const absl::StatusOr<StatusUsage> status =
      ReadProcessFile(procfs_fd, pid, "status", buffer_, ParseStatusUsage);
  if (!Told(status, on_error)) return;
  usage.gauges[kSwapBytes] = status->swap_bytes;
  usage.counters[kVoluntarySwitches] = status->switches.voluntary;
  usage.counters[kInvoluntarySwitches] = status->switches.involuntary;
}

}  // namespace reeve
