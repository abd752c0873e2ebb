#ifndef REEVE_EXPORTERS_PROMETHEUS_PROCESSES_PAGE_H_
#define REEVE_EXPORTERS_PROMETHEUS_PROCESSES_PAGE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "collectors/processes/processes_snapshot.h"
#include "exporters/prometheus/collector_names.h"
#include "exporters/prometheus/page_source.h"
#include "exporters/prometheus/processes_metrics.h"
#include "exporters/prometheus/text_format.h"

namespace reeve {

// The part of the page on the host's processes. Thread-safe.
class ProcessesPage final : public PageSource {
 public:
  // `latest` is thread-safe, and gives null until there is something.
  using Latest = std::function<std::shared_ptr<const ProcessesSnapshot>()>;

  explicit ProcessesPage(Latest latest);

  absl::string_view collector() const override { return kProcessesCollector; }
  void Append(TextFormat format, std::string* page) const override;

 private:
  const Latest latest_;
  const std::vector<RowFamily<ProcessGroupRow>> groups_;
  const std::vector<RowFamily<ProcessRow>> processes_;
  const std::vector<RowFamily<OmittedProcesses>> omitted_;
};

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_PROCESSES_PAGE_H_
