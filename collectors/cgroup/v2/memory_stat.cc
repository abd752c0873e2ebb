#include "collectors/cgroup/v2/memory_stat.h"

#include "absl/status/status.h"
#include "base/flat_keyed.h"

namespace reeve {

absl::StatusOr<MemoryStatV2> ParseMemoryStatV2(absl::string_view contents) {
  std::optional<uint64_t> anon;
  std::optional<uint64_t> file;
  std::optional<uint64_t> kernel;
  std::optional<uint64_t> file_mapped;
  std::optional<uint64_t> inactive_file;
  const absl::Status scanned =
      ScanFlatKeyed(contents, {{"anon", &anon},
                               {"file", &file},
                               {"kernel", &kernel},
                               {"file_mapped", &file_mapped},
                               {"inactive_file", &inactive_file}});
  if (!scanned.ok()) return scanned;
  if (!anon.has_value() || !file.has_value() || !file_mapped.has_value() ||
      !inactive_file.has_value()) {
    return absl::DataLossError(
        "anon, file, file_mapped or inactive_file is missing");
  }
  return MemoryStatV2{*anon, *file, kernel, *file_mapped, *inactive_file};
}

}  // namespace reeve
