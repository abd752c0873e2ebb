#include "agent/enforcement_watch.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "glog/logging.h"

namespace reeve {
namespace {

constexpr absl::Duration kShortestPause = absl::Seconds(1);

bool Contains(const std::vector<ControllerState>& states,
              const ControllerState& state) {
  return absl::c_any_of(states, [&state](const ControllerState& other) {
    return other.controller == state.controller &&
           other.shortfall == state.shortfall;
  });
}

std::vector<ControllerState> DegradedOf(std::vector<ControllerState> states) {
  std::vector<ControllerState> degraded;
  for (ControllerState& state : states) {
    if (!state.shortfall.empty()) degraded.push_back(std::move(state));
  }
  return degraded;
}

}  // namespace

EnforcementWatch::EnforcementWatch(const Clock& clock,
                                   const CgroupMounts& mounts,
                                   std::string parent, AgentMetrics& metrics)
    : clock_(clock),
      mounts_(mounts),
      parent_(std::move(parent)),
      metrics_(metrics) {}

void EnforcementWatch::Start() {
  absl::MutexLock lock(&mutex_);
  Look();
}

void EnforcementWatch::OnAttempt(bool ok) {
  absl::MutexLock lock(&mutex_);
  if (!looked_at_.has_value() || (ok && degraded_.empty())) return;
  if (clock_.MonotonicNow() - *looked_at_ < kShortestPause) return;
  Look();
}

void EnforcementWatch::Look() {
  looked_at_ = clock_.MonotonicNow();
  OfferQuestion question;
  question.parent = parent_;
  std::vector<ControllerState> degraded =
      DegradedOf(SurveyControllers(mounts_, question));
  for (const ControllerState& state : degraded) {
    if (Contains(degraded_, state)) continue;
    LOG(WARNING) << "limits of " << state.controller
                 << " cannot be enforced as they should: " << state.why;
  }
  for (const ControllerState& state : degraded_) {
    if (Contains(degraded, state)) continue;
    LOG(INFO) << "limits of " << state.controller << ": no longer "
              << state.shortfall;
  }
  std::vector<DegradedController> shown;
  shown.reserve(degraded.size());
  for (const ControllerState& state : degraded) {
    shown.push_back({state.controller, state.shortfall});
  }
  metrics_.SetDegraded(std::move(shown));
  degraded_ = std::move(degraded);
}

}  // namespace reeve
