#include "exporters/prometheus/host_device_metrics.h"

#include <cstdint>

namespace reeve {
namespace {

using Metrics = std::vector<HostMetric<HostSample>>;

// Of each disk.
HostFamily DiskFamily(absl::string_view name, absl::string_view help,
                      absl::string_view unit, bool has_operations) {
  HostFamily family = {name, help,       "counter",
                       unit, {"device"}, "/proc/diskstats"};
  if (has_operations) family.labels.emplace_back("op=read,write");
  return family;
}

template <uint64_t DiskTraffic::*kCount>
void AddTraffic(const HostSample& sample, HostFamilyWriter& writer) {
  for (const DiskCounters& disk : sample.disks) {
    writer.Add({{"device", disk.device}, {"op", "read"}}, disk.read.*kCount);
    writer.Add({{"device", disk.device}, {"op", "write"}},
               disk.written.*kCount);
  }
}

template <uint64_t DiskCounters::*kTime>
void AddDiskTime(const HostSample& sample, HostFamilyWriter& writer) {
  for (const DiskCounters& disk : sample.disks) {
    writer.Add({{"device", disk.device}}, Nanoseconds{disk.*kTime});
  }
}

Metrics DiskMetrics() {
  return {
      {DiskFamily("reeve_host_disk_operations_total",
                  "Requests to read from the disk or to write to it that were "
                  "completed.",
                  "", true),
       AddTraffic<&DiskTraffic::operations>},
      {DiskFamily("reeve_host_disk_bytes_total",
                  "Bytes that were read from the disk or written to it.",
                  "bytes", true),
       AddTraffic<&DiskTraffic::bytes>},
      {DiskFamily("reeve_host_disk_operation_seconds_total",
                  "How long requests took, all together.", "seconds", true),
       [](const HostSample& sample, HostFamilyWriter& writer) {
         for (const DiskCounters& disk : sample.disks) {
           writer.Add({{"device", disk.device}, {"op", "read"}},
                      Nanoseconds{disk.read.time_ns});
           writer.Add({{"device", disk.device}, {"op", "write"}},
                      Nanoseconds{disk.written.time_ns});
         }
       }},
      {DiskFamily("reeve_host_disk_busy_seconds_total",
                  "Time in which the disk had something to do.", "seconds",
                  false),
       AddDiskTime<&DiskCounters::busy_ns>},
      {DiskFamily("reeve_host_disk_weighted_seconds_total",
                  "That time, times the requests there were: its rate is how "
                  "many there are on average.",
                  "seconds", false),
       AddDiskTime<&DiskCounters::weighted_ns>},
  };
}

template <TrafficCounts InterfaceTraffic::*kDirection,
          uint64_t TrafficCounts::*kCount>
void AddCounts(const HostSample& sample, HostFamilyWriter& writer) {
  for (const InterfaceTraffic& interface : sample.interfaces) {
    writer.Add({{"device", interface.device}}, interface.*kDirection.*kCount);
  }
}

HostFamily NetworkFamily(absl::string_view name, absl::string_view help,
                         absl::string_view unit) {
  return {name, help, "counter", unit, {"device"}, "/proc/net/dev"};
}

Metrics NetworkMetrics() {
  using I = InterfaceTraffic;
  using C = TrafficCounts;
  return {
      {NetworkFamily("reeve_host_network_receive_bytes_total",
                     "Bytes that were received.", "bytes"),
       AddCounts<&I::received, &C::bytes>},
      {NetworkFamily("reeve_host_network_receive_packets_total",
                     "Packets that were received.", ""),
       AddCounts<&I::received, &C::packets>},
      {NetworkFamily("reeve_host_network_receive_errors_total",
                     "Packets that were received damaged.", ""),
       AddCounts<&I::received, &C::errors>},
      {NetworkFamily("reeve_host_network_receive_drop_total",
                     "Packets that were dropped when received.", ""),
       AddCounts<&I::received, &C::drops>},
      {NetworkFamily("reeve_host_network_transmit_bytes_total",
                     "Bytes that were sent.", "bytes"),
       AddCounts<&I::sent, &C::bytes>},
      {NetworkFamily("reeve_host_network_transmit_packets_total",
                     "Packets that were sent.", ""),
       AddCounts<&I::sent, &C::packets>},
      {NetworkFamily("reeve_host_network_transmit_errors_total",
                     "Packets that could not be sent.", ""),
       AddCounts<&I::sent, &C::errors>},
      {NetworkFamily("reeve_host_network_transmit_drop_total",
                     "Packets that were dropped before they left.", ""),
       AddCounts<&I::sent, &C::drops>},
  };
}

}  // namespace

Metrics HostDeviceMetrics() {
  Metrics metrics = DiskMetrics();
  for (auto& metric : NetworkMetrics()) metrics.push_back(metric);
  return metrics;
}

}  // namespace reeve
