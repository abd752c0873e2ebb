#ifndef REEVE_COLLECTORS_EXTRA_SAMPLE_H_
#define REEVE_COLLECTORS_EXTRA_SAMPLE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collectors/procfs/process_state.h"

namespace reeve {

// How long processes waited for one resource. Absent where the kernel does not
// tell.
struct PressureTimes {
  // Some of them waited.
  std::optional<uint64_t> waiting_ns;
  // All of them that had something to do waited. Of the CPU since Linux 5.13.
  std::optional<uint64_t> stalled_ns;
};

// What was done with one block device. Absent where the kernel does not tell.
struct DeviceIo {
  // "sda", or its number, "8:0", if it has no name.
  std::string device;
  std::optional<uint64_t> read_bytes;
  std::optional<uint64_t> write_bytes;
  std::optional<uint64_t> discard_bytes;
  std::optional<uint64_t> read_operations;
  std::optional<uint64_t> write_operations;
  std::optional<uint64_t> discard_operations;
};

// What memory is used for and what its shortage costs. Names are those of
// cgroup v2's memory.stat. Absent where the kernel does not tell.
struct MemoryBreakdown {
  std::optional<uint64_t> kernel_stack_bytes;
  std::optional<uint64_t> pagetables_bytes;
  std::optional<uint64_t> percpu_bytes;
  std::optional<uint64_t> sock_bytes;
  std::optional<uint64_t> vmalloc_bytes;
  std::optional<uint64_t> shmem_bytes;
  std::optional<uint64_t> file_mapped_bytes;
  std::optional<uint64_t> file_dirty_bytes;
  std::optional<uint64_t> file_writeback_bytes;
  std::optional<uint64_t> anon_thp_bytes;
  std::optional<uint64_t> inactive_anon_bytes;
  std::optional<uint64_t> active_anon_bytes;
  std::optional<uint64_t> inactive_file_bytes;
  std::optional<uint64_t> active_file_bytes;
  std::optional<uint64_t> unevictable_bytes;
  std::optional<uint64_t> slab_reclaimable_bytes;
  std::optional<uint64_t> slab_unreclaimable_bytes;
  // Those that had to wait for a device, and the others.
  std::optional<uint64_t> major_faults;
  std::optional<uint64_t> minor_faults;
  // Pages that were needed again soon after they had been reclaimed.
  std::optional<uint64_t> anon_refaults;
  std::optional<uint64_t> file_refaults;
};

// Huge pages of one size.
struct HugetlbUsage {
  // "2MB".
  std::string page_size;
  uint64_t bytes = 0;
};

struct TrafficCounts {
  uint64_t bytes = 0;
  uint64_t packets = 0;
  uint64_t errors = 0;
  uint64_t drops = 0;
};

// One network interface.
struct InterfaceTraffic {
  // "eth0".
  std::string device;
  TrafficCounts received;
  TrafficCounts sent;
};

// What the optional collectors tell of one task at one instant, with the rules
// of CgroupSample. What belongs to a collector that is off is absent.
struct ExtraSample {
  PressureTimes cpu_pressure;
  PressureTimes memory_pressure;
  PressureTimes io_pressure;
  // Devices with traffic.
  std::vector<DeviceIo> io;
  MemoryBreakdown memory;
  std::vector<HugetlbUsage> hugetlb;
  // Of a task that has a network namespace of its own.
  std::vector<InterfaceTraffic> network;
  // From the last look at the processes of a task.
  std::optional<uint64_t> open_descriptors;
  std::optional<ProcessStateCounts> process_states;
  // Threads could have run, and waited for a CPU. Never decreases.
  std::optional<uint64_t> run_queue_wait_ns;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_EXTRA_SAMPLE_H_
