#ifndef REEVE_COLLECTORS_HOST_HOST_READER_H_
#define REEVE_COLLECTORS_HOST_HOST_READER_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "base/kept_file.h"
#include "base/name_pattern.h"
#include "base/unique_fd.h"
#include "collectors/host/host_sample.h"
#include "collectors/host/lazy_file.h"

namespace reeve {

// Which disks and interfaces are left out, by their names.
struct HostFilter {
  NamePattern disk_exclude;
  NamePattern network_exclude;
};

// Partitions, and devices in memory, in files or for discs that are put in.
extern const char kDefaultDiskExclude[];
// The loopback interface, and those that stand for one task or virtual machine
// each or carry nothing of their own.
extern const char kDefaultNetworkExclude[];

HostFilter DefaultHostFilter();

// Reads what a HostSample tells from the files below one procfs, which are kept
// open. Interfaces are those of the agent's network namespace.
// Thread-compatible.
class HostReader {
 public:
  // Opens nothing.
  HostReader(std::string procfs, HostFilter filter);

  // `sample` is a new one. What cannot be read is told to `on_error` and stays
  // absent.
  void Read(absl::FunctionRef<void(const absl::Status&)> on_error,
            HostSample& sample);

 private:
  using OnError = absl::FunctionRef<void(const absl::Status&)>;

  bool OpenProcfs(OnError on_error);
  void ReadStat(OnError on_error, HostSample& sample);
  void ReadMemory(OnError on_error, HostSample& sample);
  void ReadLoad(OnError on_error, HostSample& sample);
  PressureTimes ReadPressure(LazyFile& file, OnError on_error);
  void ReadDevices(OnError on_error, HostSample& sample);

  const std::string procfs_;
  const HostFilter filter_;
  UniqueFd dir_;
  ReadBuffer buffer_;
  LazyFile stat_{"stat"};
  LazyFile meminfo_{"meminfo"};
  LazyFile vmstat_{"vmstat"};
  LazyFile loadavg_{"loadavg"};
  LazyFile pid_max_{"sys/kernel/pid_max"};
  LazyFile file_nr_{"sys/fs/file-nr"};
  LazyFile cpu_pressure_{"pressure/cpu"};
  LazyFile memory_pressure_{"pressure/memory"};
  LazyFile io_pressure_{"pressure/io"};
  LazyFile diskstats_{"diskstats"};
  LazyFile net_dev_{"net/dev"};
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_HOST_HOST_READER_H_
