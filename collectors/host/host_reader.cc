#include "collectors/host/host_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "base/clock_ticks.h"
#include "base/file.h"
#include "base/kernel_number.h"
#include "collectors/cgroup/pressure.h"
#include "collectors/procfs/net_dev.h"
#include "collectors/procfs/vmstat.h"

namespace reeve {
namespace {

// The kernel counts what is swapped in pages.
std::optional<uint64_t> BytesOfPages(const std::optional<uint64_t>& pages) {
  static const auto page_bytes = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  if (!pages.has_value()) return std::nullopt;
  return *pages * page_bytes;
}

template <typename Device>
void Exclude(const NamePattern& pattern, std::vector<Device>& devices) {
  devices.erase(std::remove_if(devices.begin(), devices.end(),
                               [&pattern](const Device& one) {
                                 return pattern.Matches(one.device);
                               }),
                devices.end());
}

}  // namespace

const char kDefaultDiskExclude[] =
    "(loop|z?ram|fd|sr)[0-9]+|(sd|hd|vd|xvd)[a-z]+[0-9]+|"
    "(nvme[0-9]+n|mmcblk|nbd|md)[0-9]+p[0-9]+|mmcblk[0-9]+(boot[0-9]+|rpmb)";
const char kDefaultNetworkExclude[] = "lo|(veth|lxc|cali|vnet|tap|ifb|dummy).*";

HostFilter DefaultHostFilter() {
  return {*NamePattern::Compile(kDefaultDiskExclude),
          *NamePattern::Compile(kDefaultNetworkExclude)};
}

HostReader::HostReader(std::string procfs, HostFilter filter)
    : procfs_(std::move(procfs)), filter_(std::move(filter)) {}

void HostReader::Read(OnError on_error, HostSample& sample) {
  if (!OpenProcfs(on_error)) return;
  ReadStat(on_error, sample);
  ReadMemory(on_error, sample);
  ReadLoad(on_error, sample);
  sample.cpu_pressure = ReadPressure(cpu_pressure_, on_error);
  sample.memory_pressure = ReadPressure(memory_pressure_, on_error);
  sample.io_pressure = ReadPressure(io_pressure_, on_error);
  ReadDevices(on_error, sample);
}

bool HostReader::OpenProcfs(OnError on_error) {
  if (dir_) return true;
  absl::StatusOr<UniqueFd> opened = OpenDirAt(AT_FDCWD, procfs_);
  if (!opened.ok()) {
    on_error(opened.status());
    return false;
  }
  dir_ = *std::move(opened);
  return true;
}

void HostReader::ReadStat(OnError on_error, HostSample& sample) {
  const std::optional<ProcStat> stat =
      stat_.Read(dir_.get(), buffer_, ParseProcStat, on_error);
  if (!stat.has_value()) return;
  sample.stat = *stat;
  for (size_t i = 0; i < kCpuModes.size(); ++i) {
    if (!stat->cpu_ticks[i].has_value()) continue;
    sample.cpu_ns[i] = NanosecondsFromClockTicks(*stat->cpu_ticks[i]);
  }
}

void HostReader::ReadMemory(OnError on_error, HostSample& sample) {
  sample.memory = meminfo_.Read(dir_.get(), buffer_, ParseMeminfo, on_error)
                      .value_or(Meminfo());
  const Vmstat vmstat = vmstat_.Read(dir_.get(), buffer_, ParseVmstat, on_error)
                            .value_or(Vmstat());
  sample.swapped_in_bytes = BytesOfPages(vmstat.pswpin);
  sample.swapped_out_bytes = BytesOfPages(vmstat.pswpout);
  sample.major_faults = vmstat.pgmajfault;
  sample.oom_kills = vmstat.oom_kill;
}

void HostReader::ReadLoad(OnError on_error, HostSample& sample) {
  sample.load = loadavg_.Read(dir_.get(), buffer_, ParseLoadavg, on_error);
  sample.pid_max =
      pid_max_.Read(dir_.get(), buffer_, ParseKernelNumber, on_error);
  sample.files = file_nr_.Read(dir_.get(), buffer_, ParseFileNr, on_error);
}

PressureTimes HostReader::ReadPressure(LazyFile& file, OnError on_error) {
  constexpr uint64_t kNanosecondsPerMicrosecond = 1000;
  const std::optional<Pressure> pressure =
      file.Read(dir_.get(), buffer_, ParsePressure, on_error);
  PressureTimes times;
  if (!pressure.has_value()) return times;
  times.waiting_ns = pressure->some_usec * kNanosecondsPerMicrosecond;
  if (pressure->full_usec.has_value()) {
    times.stalled_ns = *pressure->full_usec * kNanosecondsPerMicrosecond;
  }
  return times;
}

void HostReader::ReadDevices(OnError on_error, HostSample& sample) {
  auto disks = diskstats_.Read(dir_.get(), buffer_, ParseDiskstats, on_error);
  if (disks.has_value()) {
    sample.disks = *std::move(disks);
    Exclude(filter_.disk_exclude, sample.disks);
  }
  auto interfaces = net_dev_.Read(dir_.get(), buffer_, ParseNetDev, on_error);
  if (interfaces.has_value()) {
    sample.interfaces = *std::move(interfaces);
    Exclude(filter_.network_exclude, sample.interfaces);
  }
}

}  // namespace reeve
