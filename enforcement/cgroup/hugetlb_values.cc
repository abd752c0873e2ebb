#include "enforcement/cgroup/hugetlb_values.h"

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "base/kernel_number.h"
#include "enforcement/cgroup/limit_text.h"

namespace reeve {

void AddHugetlbValues(const std::vector<LimitSetting>& settings,
                      LimitValues& values) {
  for (const LimitSetting& setting : settings) {
    absl::string_view page_size = setting.file;
    if (!absl::ConsumePrefix(&page_size, "hugetlb.")) continue;
    const std::optional<uint64_t> bytes =
        DecimalFrom(CanonicalLimit(setting.file, setting.read_back));
    if (!bytes.has_value()) continue;
    values.hugetlb.push_back(
        {std::string(page_size.substr(0, page_size.find('.'))), *bytes});
  }
}

}  // namespace reeve
