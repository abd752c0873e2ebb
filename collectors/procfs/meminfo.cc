#include "collectors/procfs/meminfo.h"

#include <array>
#include <cstddef>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/kernel_number.h"
#include "base/words.h"

namespace reeve {
namespace {

struct Key {
  absl::string_view name;
  std::optional<uint64_t> Meminfo::*value;
};

constexpr Key kKeys[] = {
    {"MemTotal", &Meminfo::total_bytes},
    {"MemFree", &Meminfo::free_bytes},
    {"MemAvailable", &Meminfo::available_bytes},
    {"Buffers", &Meminfo::buffers_bytes},
    {"Cached", &Meminfo::cached_bytes},
    {"SwapTotal", &Meminfo::swap_total_bytes},
    {"SwapFree", &Meminfo::swap_free_bytes},
    {"Dirty", &Meminfo::dirty_bytes},
    {"Writeback", &Meminfo::writeback_bytes},
    {"AnonPages", &Meminfo::anon_bytes},
    {"Shmem", &Meminfo::shmem_bytes},
    {"SReclaimable", &Meminfo::slab_reclaimable_bytes},
    {"SUnreclaim", &Meminfo::slab_unreclaimable_bytes},
    {"HugePages_Total", &Meminfo::huge_pages},
    {"HugePages_Free", &Meminfo::huge_pages_free},
    {"Hugepagesize", &Meminfo::huge_page_bytes},
};

// "  24684096 kB", or a count: "  8".
std::optional<uint64_t> ParseValue(absl::string_view text) {
  constexpr uint64_t kKib = 1024;
  std::array<absl::string_view, 3> words;
  const size_t count = SplitWords(text, absl::MakeSpan(words));
  if (count == 0 || count > 2) return std::nullopt;
  const std::optional<uint64_t> number = DecimalFrom(words[0]);
  if (count == 1 || !number.has_value()) return number;
  if (words[1] != "kB" || *number > UINT64_MAX / kKib) return std::nullopt;
  return *number * kKib;
}

}  // namespace

absl::StatusOr<Meminfo> ParseMeminfo(absl::string_view contents) {
  Meminfo meminfo;
  while (!contents.empty()) {
    const absl::string_view line = TakeLine(&contents);
    const size_t colon = line.find(':');
    if (colon == absl::string_view::npos) continue;
    const absl::string_view name = line.substr(0, colon);
    const auto* const key =
        absl::c_find_if(kKeys, [name](const Key& k) { return k.name == name; });
    if (key == std::end(kKeys)) continue;
    const std::optional<uint64_t> value = ParseValue(line.substr(colon + 1));
    if (!value.has_value()) {
      return absl::DataLossError(absl::StrCat(name, " is not a number: \"",
                                              absl::CEscape(line.substr(0, 60)),
                                              "\""));
    }
    meminfo.*key->value = value;
  }
  return meminfo;
}

}  // namespace reeve
