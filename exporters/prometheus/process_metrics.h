#ifndef REEVE_EXPORTERS_PROMETHEUS_PROCESS_METRICS_H_
#define REEVE_EXPORTERS_PROMETHEUS_PROCESS_METRICS_H_

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <optional>
#include <string>
#include <vector>

namespace reeve {

// The process_* metrics of the agent's own process, as every Prometheus client
// has them. A value that cannot be read is left out. Thread-safe.
class ProcessMetrics final : public prometheus::Collectable {
 public:
  explicit ProcessMetrics(std::string procfs);

  // From PROCFS/self/stat, PROCFS/self/fd and getrlimit(2).
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const std::string procfs_;
  // Read once: /proc/stat, where the boot time is, is dear on large machines.
  const std::optional<double> boot_time_seconds_;
};

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_PROCESS_METRICS_H_
