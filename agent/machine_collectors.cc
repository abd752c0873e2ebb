#include "agent/machine_collectors.h"

#include <memory>
#include <utility>

#include "collectors/host/filesystem_collector.h"
#include "collectors/host/host_collector.h"
#include "collectors/host/host_reader.h"
#include "collectors/latest.h"
#include "exporters/prometheus/filesystem_metrics.h"
#include "exporters/prometheus/host_metrics.h"
#include "exporters/prometheus/latest_source.h"

namespace reeve {

namespace {

HostFilter HostFilterOf(const HostOptions& options) {
  HostFilter filter = DefaultHostFilter();
  if (options.disk_exclude) filter.disk_exclude = *options.disk_exclude;
  if (options.network_exclude) {
    filter.network_exclude = *options.network_exclude;
  }
  return filter;
}

FilesystemFilter FilesystemFilterOf(const HostOptions& options) {
  FilesystemFilter filter = DefaultFilesystemFilter();
  if (options.filesystem_type_exclude) {
    filter.type_exclude = *options.filesystem_type_exclude;
  }
  filter.mount_exclude = options.mount_exclude;
  return filter;
}

}  // namespace

void AddMachineCollectors(const HostOptions& options, const std::string& procfs,
                          absl::Duration sample_interval,
                          CollectorObserver& observer,
                          HostCollectors* collectors) {
  if (options.has_host) {
    auto latest = std::make_shared<Latest<HostSample>>();
    collectors->Add(std::make_shared<HostCollector>(
                        procfs, HostFilterOf(options), latest, observer),
                    sample_interval,
                    std::make_shared<LatestSource<HostSample>>(
                        kHostCollector, HostMetrics(), latest));
  }
  if (options.has_filesystems) {
    auto latest = std::make_shared<Latest<FilesystemSample>>();
    collectors->Add(std::make_shared<FilesystemCollector>(
                        procfs, FilesystemFilterOf(options), latest, observer),
                    options.filesystem_interval,
                    std::make_shared<LatestSource<FilesystemSample>>(
                        kFilesystemCollector, FilesystemMetrics(), latest));
  }
}

}  // namespace reeve
