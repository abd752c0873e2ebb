#ifndef REEVE_EXPORTERS_PROMETHEUS_LATEST_SOURCE_H_
#define REEVE_EXPORTERS_PROMETHEUS_LATEST_SOURCE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "collectors/latest.h"
#include "exporters/prometheus/host_metric.h"
#include "exporters/prometheus/page_source.h"

namespace reeve {

// Writes a table of families from what a collector found last; nothing before
// its first round. Thread-safe.
template <typename Sample>
class LatestSource final : public PageSource {
 public:
  // `collector` must outlive the source.
  LatestSource(absl::string_view collector,
               std::vector<HostMetric<Sample>> metrics,
               std::shared_ptr<const Latest<Sample>> latest)
      : collector_(collector),
        metrics_(std::move(metrics)),
        latest_(std::move(latest)) {}

  absl::string_view collector() const override { return collector_; }

  void Append(TextFormat format, std::string* page) const override {
    const std::shared_ptr<const Sample> sample = latest_->Get();
    if (sample == nullptr) return;
    AppendHostMetrics(metrics_, *sample, format, page);
  }

 private:
  const absl::string_view collector_;
  const std::vector<HostMetric<Sample>> metrics_;
  const std::shared_ptr<const Latest<Sample>> latest_;
};

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_LATEST_SOURCE_H_
