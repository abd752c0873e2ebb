#include "agent/processes_collection.h"

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "agent/task_of_cgroup.h"
#include "collectors/processes/processes_collector.h"
#include "exporters/prometheus/processes_metrics.h"
#include "exporters/prometheus/processes_page.h"

namespace reeve {
namespace {

ProcessesOptions WithMaxima(const ProcessesSettings& settings) {
  ProcessesOptions options = settings.options;
  options.max_groups = settings.max_series / SeriesPerGroup(options);
  options.max_processes = settings.max_series / SeriesPerProcess(options);
  return options;
}

}  // namespace

absl::Status AddProcesses(const ProcessesSettings& settings,
                          const std::string& cgroup_parent, const Clock& clock,
                          CollectorObserver& observer,
                          HostCollectors* collectors) {
  if (!settings.enabled) return absl::OkStatus();
  absl::StatusOr<std::unique_ptr<ProcessesCollector>> opened =
      ProcessesCollector::Open(WithMaxima(settings), clock, observer,
                               [cgroup_parent](absl::string_view path) {
                                 return TaskIdOfCgroup(cgroup_parent, path);
                               });
  if (!opened.ok()) return opened.status();
  const std::shared_ptr<ProcessesCollector> collector = *std::move(opened);
  collectors->Add(collector, settings.interval,
                  std::make_shared<ProcessesPage>(
                      [collector] { return collector->Latest(); }));
  return absl::OkStatus();
}

}  // namespace reeve
