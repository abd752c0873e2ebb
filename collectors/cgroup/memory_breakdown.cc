#include "collectors/cgroup/memory_breakdown.h"

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "base/flat_keyed.h"

namespace reeve {
namespace {

// Faults of all kinds, as the kernel counts them.
using Faults = std::optional<uint64_t>;

// The total_ keys count the cgroups below too, as v2 does.
absl::Status ScanV1(absl::string_view contents, MemoryBreakdown& memory,
                    Faults& faults) {
  return ScanFlatKeyed(
      contents, {{"total_rss_huge", &memory.anon_thp_bytes},
                 {"total_shmem", &memory.shmem_bytes},
                 {"total_mapped_file", &memory.file_mapped_bytes},
                 {"total_dirty", &memory.file_dirty_bytes},
                 {"total_writeback", &memory.file_writeback_bytes},
                 {"total_workingset_refault_anon", &memory.anon_refaults},
                 {"total_workingset_refault_file", &memory.file_refaults},
                 {"total_pgfault", &faults},
                 {"total_pgmajfault", &memory.major_faults},
                 {"total_inactive_anon", &memory.inactive_anon_bytes},
                 {"total_active_anon", &memory.active_anon_bytes},
                 {"total_inactive_file", &memory.inactive_file_bytes},
                 {"total_active_file", &memory.active_file_bytes},
                 {"total_unevictable", &memory.unevictable_bytes}});
}

absl::Status ScanV2(absl::string_view contents, MemoryBreakdown& memory,
                    Faults& faults) {
  return ScanFlatKeyed(
      contents, {{"kernel_stack", &memory.kernel_stack_bytes},
                 {"pagetables", &memory.pagetables_bytes},
                 {"percpu", &memory.percpu_bytes},
                 {"sock", &memory.sock_bytes},
                 {"vmalloc", &memory.vmalloc_bytes},
                 {"shmem", &memory.shmem_bytes},
                 {"file_mapped", &memory.file_mapped_bytes},
                 {"file_dirty", &memory.file_dirty_bytes},
                 {"file_writeback", &memory.file_writeback_bytes},
                 {"anon_thp", &memory.anon_thp_bytes},
                 {"inactive_anon", &memory.inactive_anon_bytes},
                 {"active_anon", &memory.active_anon_bytes},
                 {"inactive_file", &memory.inactive_file_bytes},
                 {"active_file", &memory.active_file_bytes},
                 {"unevictable", &memory.unevictable_bytes},
                 {"slab_reclaimable", &memory.slab_reclaimable_bytes},
                 {"slab_unreclaimable", &memory.slab_unreclaimable_bytes},
                 {"workingset_refault_anon", &memory.anon_refaults},
                 {"workingset_refault_file", &memory.file_refaults},
                 {"pgfault", &faults},
                 {"pgmajfault", &memory.major_faults}});
}

}  // namespace

absl::StatusOr<MemoryBreakdown> ParseMemoryBreakdown(
    CgroupVersion version, absl::string_view contents) {
  MemoryBreakdown memory;
  Faults faults;
  const absl::Status scanned = version == CgroupVersion::kV1
                                   ? ScanV1(contents, memory, faults)
                                   : ScanV2(contents, memory, faults);
  if (!scanned.ok()) return scanned;
  if (faults.has_value() && memory.major_faults.has_value()) {
    // The kernel adds the two up at two instants.
    memory.minor_faults =
        *faults > *memory.major_faults ? *faults - *memory.major_faults : 0;
  }
  return memory;
}

}  // namespace reeve
