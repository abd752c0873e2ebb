#include "collectors/process_sampler.h"

#include <sys/types.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "collectors/cgroup/process_list.h"

namespace reeve {
namespace {

constexpr char kCollector[] = "process";

CpuReading ReadingOf(const ProcessReading& reading, uint64_t cpu_ns) {
  return {reading.process.identity.start_time_ticks, cpu_ns, reading.taken_at};
}

// Calls `percent_of` with each calculator of a process and its reading.
template <typename Percents, typename PercentOf>
void SetPercents(Percents& percents, ProcessReading& reading,
                 const PercentOf& percent_of) {
  ProcessSnapshot& process = reading.process;
  process.cpu_percent = percent_of(
      percents.total,
      ReadingOf(reading, process.cpu_user_ns + process.cpu_system_ns));
  process.cpu_user_percent =
      percent_of(percents.user, ReadingOf(reading, process.cpu_user_ns));
  process.cpu_system_percent =
      percent_of(percents.system, ReadingOf(reading, process.cpu_system_ns));
}

ProcessSnapshots SnapshotsOf(std::vector<ProcessReading> readings) {
  auto snapshots = std::make_shared<std::vector<ProcessSnapshot>>();
  snapshots->reserve(readings.size());
  for (ProcessReading& reading : readings) {
    snapshots->push_back(std::move(reading.process));
  }
  return snapshots;
}

}  // namespace

ProcessSnapshots ProcessSampler::Sample(const CgroupDirs& cgroup,
                                        ReadBuffer& buffer,
                                        ReadErrorSink on_error) {
  std::vector<ProcessReading> readings = ReadAll(cgroup, buffer, on_error);
  absl::flat_hash_map<pid_t, Percents> alive;
  alive.reserve(readings.size());
  for (ProcessReading& reading : readings) {
    const pid_t pid = reading.process.identity.pid;
    Percents& percents = alive[pid];
    const auto known = percents_.find(pid);
    if (known != percents_.end()) percents = known->second;
    SetPercents(percents, reading,
                [](CpuPercentCalculator& calculator, const CpuReading& now) {
                  return calculator.Update(now);
                });
  }
  percents_ = std::move(alive);
  return SnapshotsOf(std::move(readings));
}

ProcessSnapshots ProcessSampler::Peek(const CgroupDirs& cgroup,
                                      ReadBuffer& buffer,
                                      ReadErrorSink on_error) const {
  std::vector<ProcessReading> readings = ReadAll(cgroup, buffer, on_error);
  for (ProcessReading& reading : readings) {
    const auto known = percents_.find(reading.process.identity.pid);
    if (known == percents_.end()) continue;
    SetPercents(known->second, reading,
                [](const CpuPercentCalculator& calculator,
                   const CpuReading& now) { return calculator.Peek(now); });
  }
  return SnapshotsOf(std::move(readings));
}

std::vector<pid_t> ProcessSampler::List(const CgroupDirs& cgroup,
                                        ReadErrorSink on_error) const {
  absl::StatusOr<std::vector<pid_t>> pids = ListProcesses(cgroup);
  if (pids.ok()) return *std::move(pids);
  if (!absl::IsNotFound(pids.status())) on_error(kCollector, pids.status());
  if (!roots_.Known()) return {};
  return ListProcessTree(reader_.procfs_fd(), roots_, on_error);
}

std::vector<ProcessReading> ProcessSampler::ReadAll(
    const CgroupDirs& cgroup, ReadBuffer& buffer,
    ReadErrorSink on_error) const {
  std::vector<ProcessReading> readings;
  const std::vector<pid_t> pids = List(cgroup, on_error);
  readings.reserve(pids.size());
  for (const pid_t pid : pids) {
    absl::StatusOr<ProcessReading> reading = reader_.Read(pid, buffer);
    if (reading.ok()) {
      readings.push_back(*std::move(reading));
    } else if (!absl::IsNotFound(reading.status())) {
      on_error(kCollector,
               absl::Status(reading.status().code(),
                            absl::StrCat("process ", pid, ": ",
                                         reading.status().message())));
    }
  }
  return readings;
}

}  // namespace reeve
