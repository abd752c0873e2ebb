#ifndef REEVE_COLLECTORS_PROCFS_MEMINFO_H_
#define REEVE_COLLECTORS_PROCFS_MEMINFO_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// What is wanted of /proc/meminfo: proc_meminfo(5). What it does not tell is
// absent.
struct Meminfo {
  std::optional<uint64_t> total_bytes;
  std::optional<uint64_t> free_bytes;
  // What could be had without swapping.
  std::optional<uint64_t> available_bytes;
  std::optional<uint64_t> buffers_bytes;
  // Page cache with shared memory, without buffers.
  std::optional<uint64_t> cached_bytes;
  std::optional<uint64_t> swap_total_bytes;
  std::optional<uint64_t> swap_free_bytes;
  std::optional<uint64_t> dirty_bytes;
  std::optional<uint64_t> writeback_bytes;
  std::optional<uint64_t> anon_bytes;
  std::optional<uint64_t> shmem_bytes;
  std::optional<uint64_t> slab_reclaimable_bytes;
  std::optional<uint64_t> slab_unreclaimable_bytes;
  // Huge pages of the default size, and that size.
  std::optional<uint64_t> huge_pages;
  std::optional<uint64_t> huge_pages_free;
  std::optional<uint64_t> huge_page_bytes;
};

// kDataLoss if something that is wanted is not a number.
absl::StatusOr<Meminfo> ParseMeminfo(absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCFS_MEMINFO_H_
