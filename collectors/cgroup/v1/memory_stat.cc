#include "collectors/cgroup/v1/memory_stat.h"

#include "absl/status/status.h"
#include "base/flat_keyed.h"

namespace reeve {

absl::StatusOr<MemoryStatV1> ParseMemoryStatV1(absl::string_view contents) {
  std::optional<uint64_t> memory_limit;
  std::optional<uint64_t> memsw_limit;
  std::optional<uint64_t> cache;
  std::optional<uint64_t> rss;
  std::optional<uint64_t> mapped_file;
  std::optional<uint64_t> swap;
  std::optional<uint64_t> inactive_file;
  const absl::Status scanned =
      ScanFlatKeyed(contents, {{"hierarchical_memory_limit", &memory_limit},
                               {"hierarchical_memsw_limit", &memsw_limit},
                               {"total_cache", &cache},
                               {"total_rss", &rss},
                               {"total_mapped_file", &mapped_file},
                               {"total_swap", &swap},
                               {"total_inactive_file", &inactive_file}});
  if (!scanned.ok()) return scanned;
  if (!cache.has_value() || !rss.has_value() || !mapped_file.has_value() ||
      !inactive_file.has_value()) {
    return absl::DataLossError(
        "total_cache, total_rss, total_mapped_file or total_inactive_file is "
        "missing");
  }
  return MemoryStatV1{*cache,         *rss,         *mapped_file, swap,
                      *inactive_file, memory_limit, memsw_limit};
}

}  // namespace reeve
