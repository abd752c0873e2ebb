#include "collectors/host/host_collector.h"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"

namespace reeve {
namespace {

// What idle time is known to go back by is far less; a CPU that goes offline
// takes more than this with it soon after the start.
constexpr uint64_t kToleranceNs = 3'000'000'000;

}  // namespace

HostCollector::HostCollector(std::string procfs, HostFilter filter,
                             std::shared_ptr<Latest<HostSample>> latest,
                             CollectorObserver& observer)
    : reader_(std::move(procfs), std::move(filter)),
      cpu_times_(kCpuModes.size(), HeldCounter(kToleranceNs)),
      latest_(std::move(latest)),
      observer_(observer) {}

void HostCollector::Collect() {
  auto sample = std::make_shared<HostSample>();
  reader_.Read(
      [this](const absl::Status& status) {
        observer_.OnError(kHostCollector, status);
      },
      *sample);
  for (size_t i = 0; i < cpu_times_.size(); ++i) {
    auto& time = sample->cpu_ns[i];
    if (time.has_value()) time = cpu_times_[i].Update(*time);
  }
  latest_->Publish(std::move(sample));
}

}  // namespace reeve
