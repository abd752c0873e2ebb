#ifndef REEVE_TESTS_EXPORTERS_PROMETHEUS_HOST_SAMPLES_H_
#define REEVE_TESTS_EXPORTERS_PROMETHEUS_HOST_SAMPLES_H_

#include <cstddef>
#include <cstdint>

#include "collectors/host/filesystem_sample.h"
#include "collectors/host/host_sample.h"

namespace reeve {

// A machine with one disk and one interface whose kernel tells everything.
inline HostSample WholeHost() {
  HostSample sample;
  for (size_t i = 0; i < sample.cpu_ns.size(); ++i) {
    sample.cpu_ns[i] = (i + 1) * 1'500'000'000;
  }
  sample.stat.cpus = 2;
  sample.stat.context_switches = 11;
  sample.stat.forks = 12;
  sample.stat.running = 3;
  sample.stat.blocked = 1;
  sample.stat.boot_time_seconds = 1'700'000'000;
  Meminfo& memory = sample.memory;
  uint64_t bytes = 4096;
  for (auto* const value :
       {&memory.total_bytes, &memory.free_bytes, &memory.available_bytes,
        &memory.buffers_bytes, &memory.cached_bytes, &memory.swap_total_bytes,
        &memory.swap_free_bytes, &memory.dirty_bytes, &memory.writeback_bytes,
        &memory.anon_bytes, &memory.shmem_bytes, &memory.slab_reclaimable_bytes,
        &memory.slab_unreclaimable_bytes, &memory.huge_page_bytes}) {
    *value = bytes++;
  }
  memory.huge_pages = 8;
  memory.huge_pages_free = 3;
  memory.huge_page_bytes = 2 << 20;
  sample.swapped_in_bytes = 4096;
  sample.swapped_out_bytes = 8192;
  sample.major_faults = 13;
  sample.oom_kills = 14;
  sample.load = Loadavg{{0.25, 0.5, 12}, 149};
  sample.pid_max = 32768;
  sample.files = FileNr{725, 2466183};
  for (auto* const pressure :
       {&sample.cpu_pressure, &sample.memory_pressure, &sample.io_pressure}) {
    *pressure = {7'000, 5'000};
  }
  sample.disks = {
      {"vda", {1, 512, 2'000'000}, {3, 1024, 4'000'000}, 5'000'000, 6'000'000}};
  sample.interfaces = {{"eth0", {1, 2, 3, 4}, {5, 6, 7, 8}}};
  return sample;
}

// One that answers, one without inodes that is read-only, one that hangs, and
// one that could not be asked.
inline FilesystemSample SomeFilesystems() {
  FilesystemUsage root;
  root.size_bytes = 1000;
  root.free_bytes = 600;
  root.available_bytes = 500;
  root.inodes = 50;
  root.inodes_free = 40;
  FilesystemUsage data;
  data.size_bytes = 2000;
  data.is_read_only = true;
  return {{"/", "/dev/vda", "ext4", root, false},
          {"/data", "/dev/vdb", "btrfs", data, false},
          {"/dead", "server:/dead", "nfs4", std::nullopt, true},
          {"/secret", "/dev/vdc", "xfs", std::nullopt, false}};
}

}  // namespace reeve

#endif  // REEVE_TESTS_EXPORTERS_PROMETHEUS_HOST_SAMPLES_H_
