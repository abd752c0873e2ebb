#include "exporters/prometheus/host_memory_metrics.h"

#include <cstdint>
#include <optional>

namespace reeve {
namespace {

using Metrics = std::vector<HostMetric<HostSample>>;

HostFamily Bytes(absl::string_view name, absl::string_view help,
                 absl::string_view source) {
  return {name, help, "gauge", "bytes", {}, source};
}

HostFamily Counter(absl::string_view name, absl::string_view help,
                   absl::string_view unit, absl::string_view source) {
  return {name, help, "counter", unit, {}, source};
}

template <std::optional<uint64_t> Meminfo::*kValue>
void Add(const HostSample& sample, HostFamilyWriter& writer) {
  writer.Add(ValueOf(sample.memory.*kValue));
}

template <std::optional<uint64_t> HostSample::*kValue>
void AddCount(const HostSample& sample, HostFamilyWriter& writer) {
  writer.Add(ValueOf(sample.*kValue));
}

template <std::optional<uint64_t> Meminfo::*kPages>
void AddHugePages(const HostSample& sample, HostFamilyWriter& writer) {
  const std::optional<uint64_t>& pages = sample.memory.*kPages;
  const std::optional<uint64_t>& size = sample.memory.huge_page_bytes;
  if (pages.has_value() && size.has_value()) writer.Add(*pages * *size);
}

Metrics UsageMetrics() {
  using M = Meminfo;
  return {
      {Bytes("reeve_host_memory_total_bytes", "Memory that the kernel manages.",
             "/proc/meminfo MemTotal"),
       Add<&M::total_bytes>},
      {Bytes("reeve_host_memory_available_bytes",
             "Memory that could be had without swapping.",
             "/proc/meminfo MemAvailable"),
       Add<&M::available_bytes>},
      {Bytes("reeve_host_memory_free_bytes", "Memory that is used for nothing.",
             "/proc/meminfo MemFree"),
       Add<&M::free_bytes>},
      {Bytes("reeve_host_memory_buffers_bytes", "Page cache of block devices.",
             "/proc/meminfo Buffers"),
       Add<&M::buffers_bytes>},
      {Bytes("reeve_host_memory_cached_bytes",
             "Page cache of files, shared memory and tmpfs included.",
             "/proc/meminfo Cached"),
       Add<&M::cached_bytes>},
      {Bytes("reeve_host_memory_anon_bytes",
             "Memory of processes that no file backs.",
             "/proc/meminfo AnonPages"),
       Add<&M::anon_bytes>},
      {Bytes("reeve_host_memory_shmem_bytes", "Shared memory and tmpfs.",
             "/proc/meminfo Shmem"),
       Add<&M::shmem_bytes>},
      {Bytes("reeve_host_memory_slab_reclaimable_bytes",
             "Memory of the kernel that can be reclaimed.",
             "/proc/meminfo SReclaimable"),
       Add<&M::slab_reclaimable_bytes>},
      {Bytes("reeve_host_memory_slab_unreclaimable_bytes",
             "Memory of the kernel's slabs that cannot be reclaimed.",
             "/proc/meminfo SUnreclaim"),
       Add<&M::slab_unreclaimable_bytes>},
      {Bytes("reeve_host_memory_dirty_bytes",
             "Page cache that waits to be written.", "/proc/meminfo Dirty"),
       Add<&M::dirty_bytes>},
      {Bytes("reeve_host_memory_writeback_bytes",
             "Page cache that is being written.", "/proc/meminfo Writeback"),
       Add<&M::writeback_bytes>},
      {Bytes("reeve_host_memory_hugepages_bytes",
             "Memory that is kept for huge pages of the default size.",
             "/proc/meminfo HugePages_Total x Hugepagesize"),
       AddHugePages<&M::huge_pages>},
      {Bytes("reeve_host_memory_hugepages_free_bytes",
             "What of that is not used.",
             "/proc/meminfo HugePages_Free x Hugepagesize"),
       AddHugePages<&M::huge_pages_free>},
      {Bytes("reeve_host_swap_total_bytes", "Room for swap.",
             "/proc/meminfo SwapTotal"),
       Add<&M::swap_total_bytes>},
      {Bytes("reeve_host_swap_free_bytes", "Room for swap that is not used.",
             "/proc/meminfo SwapFree"),
       Add<&M::swap_free_bytes>},
  };
}

}  // namespace

Metrics HostMemoryMetrics() {
  using H = HostSample;
  Metrics metrics = UsageMetrics();
  metrics.push_back(
      {Counter("reeve_host_swap_in_bytes_total", "What was read from swap.",
               "bytes", "/proc/vmstat pswpin"),
       AddCount<&H::swapped_in_bytes>});
  metrics.push_back(
      {Counter("reeve_host_swap_out_bytes_total", "What was written to swap.",
               "bytes", "/proc/vmstat pswpout"),
       AddCount<&H::swapped_out_bytes>});
  metrics.push_back({Counter("reeve_host_memory_major_faults_total",
                             "Page faults that had to wait for a device.", "",
                             "/proc/vmstat pgmajfault"),
                     AddCount<&H::major_faults>});
  metrics.push_back({Counter("reeve_host_memory_oom_kills_total",
                             "Processes that the kernel killed for want of "
                             "memory, of the machine or of a cgroup.",
                             "", "/proc/vmstat oom_kill"),
                     AddCount<&H::oom_kills>});
  return metrics;
}

}  // namespace reeve
