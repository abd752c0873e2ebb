#include "enforcement/spec/hugetlb_rules.h"

#include <cstdint>
#include <limits>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "base/kernel_number.h"

namespace reeve {
namespace {

// Nothing that could be another file's name.
bool IsPageSize(absl::string_view text) {
  for (const char* unit : {"KB", "MB", "GB"}) {
    if (absl::ConsumeSuffix(&text, unit)) return DecimalFrom(text).has_value();
  }
  return false;
}

}  // namespace

absl::Status ValidateHugetlb(const ResourceLimits& limits) {
  std::set<absl::string_view> sizes;
  for (const HugetlbLimit& limit : limits.hugetlb) {
    const std::string what =
        absl::StrCat("huge pages of \"", limit.page_size, "\"");
    if (!IsPageSize(limit.page_size)) {
      return absl::InvalidArgumentError(absl::StrCat(
          what, ": give a page size as the kernel names it, such as 2MB"));
    }
    if (!sizes.insert(limit.page_size).second) {
      return absl::InvalidArgumentError(
          absl::StrCat(what, ": they are named twice; name them once"));
    }
    if (limit.bytes.value.value_or(0) > std::numeric_limits<int64_t>::max()) {
      return absl::InvalidArgumentError(
          absl::StrCat(what, " of ", *limit.bytes.value,
                       " bytes: give \"max\" for no limit"));
    }
  }
  return absl::OkStatus();
}

}  // namespace reeve
