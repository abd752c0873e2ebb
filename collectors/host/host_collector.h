#ifndef REEVE_COLLECTORS_HOST_HOST_COLLECTOR_H_
#define REEVE_COLLECTORS_HOST_HOST_COLLECTOR_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "collectors/background_collector.h"
#include "collectors/collector_observer.h"
#include "collectors/host/held_counter.h"
#include "collectors/host/host_reader.h"
#include "collectors/host/host_sample.h"
#include "collectors/latest.h"

namespace reeve {

// Measures the machine as a whole.
class HostCollector final : public BackgroundCollector {
 public:
  // `observer` must outlive the collector.
  HostCollector(std::string procfs, HostFilter filter,
                std::shared_ptr<Latest<HostSample>> latest,
                CollectorObserver& observer);

  absl::string_view name() const override { return kHostCollector; }
  void Collect() override;

 private:
  HostReader reader_;
  // Of HostSample::cpu_ns.
  std::vector<HeldCounter> cpu_times_;
  const std::shared_ptr<Latest<HostSample>> latest_;
  CollectorObserver& observer_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_HOST_HOST_COLLECTOR_H_
