#include "agent/policy/growth_window.h"

namespace reeve {

std::optional<GrowthWindow::Finding> GrowthWindow::Observe(
    uint64_t value, absl::Duration taken_at) {
  std::optional<Finding> finding;
  if (began_.has_value() && value >= first_) {
    if (taken_at - *began_ < length_ || taken_at <= *began_) {
      return std::nullopt;
    }
    finding = Finding{value - first_, *began_, taken_at - *began_};
  }
  first_ = value;
  began_ = taken_at;
  return finding;
}

}  // namespace reeve
