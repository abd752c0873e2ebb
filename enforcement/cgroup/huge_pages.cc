#include "enforcement/cgroup/huge_pages.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "base/kernel_number.h"

namespace reeve {
namespace {

constexpr uint64_t kKibPerMib = 1024;
constexpr uint64_t kKibPerGib = kKibPerMib * 1024;

std::string NameOf(uint64_t kib) {
  if (kib >= kKibPerGib) return absl::StrCat(kib / kKibPerGib, "GB");
  if (kib >= kKibPerMib) return absl::StrCat(kib / kKibPerMib, "MB");
  return absl::StrCat(kib, "KB");
}

}  // namespace

std::vector<std::string> HugePageSizes(const std::string& sysfs) {
  std::set<uint64_t> sizes_kib;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(
           absl::StrCat(sysfs, "/kernel/mm/hugepages"), error)) {
    const std::string name = entry.path().filename().string();
    absl::string_view digits = name;
    if (!absl::ConsumePrefix(&digits, "hugepages-") ||
        !absl::ConsumeSuffix(&digits, "kB")) {
      continue;
    }
    const std::optional<uint64_t> kib = DecimalFrom(digits);
    if (kib.has_value()) sizes_kib.insert(*kib);
  }
  std::vector<std::string> names;
  names.reserve(sizes_kib.size());
  for (const uint64_t kib : sizes_kib) names.push_back(NameOf(kib));
  return names;
}

}  // namespace reeve
