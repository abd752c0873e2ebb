#include "agent/policy/pressure_window.h"

namespace reeve {

std::optional<PressureWindow::Finding> PressureWindow::Observe(
    const TaskSnapshot& sample) {
  if (sample.extra == nullptr || sample.extra == last_) return std::nullopt;
  last_ = sample.extra;
  const std::optional<uint64_t>& waiting =
      sample.extra->memory_pressure.waiting_ns;
  if (!waiting.has_value()) return std::nullopt;
  const std::optional<GrowthWindow::Finding> growth =
      waiting_.Observe(*waiting, sample.cgroup.taken_at);
  if (!growth.has_value()) return std::nullopt;
  return Finding{absl::FDivDuration(
                     absl::Nanoseconds(static_cast<int64_t>(growth->growth)),
                     growth->duration),
                 growth->began};
}

void PressureWindow::Reset() {
  last_.reset();
  waiting_.Reset();
}

}  // namespace reeve
