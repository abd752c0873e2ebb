#include "exporters/prometheus/filesystem_metrics.h"

#include <cstdint>

namespace reeve {
namespace {

using Metrics = std::vector<HostMetric<FilesystemSample>>;

HostFamily Family(absl::string_view name, absl::string_view help,
                  absl::string_view unit, absl::string_view source) {
  return {name, help, "gauge", unit, {"mountpoint"}, source};
}

// Calls `value` with the usage of each file system that has one.
template <typename ValueOfUsage>
void AddUsage(const FilesystemSample& sample, HostFamilyWriter& writer,
              const ValueOfUsage& value) {
  for (const Filesystem& one : sample) {
    if (!one.usage.has_value()) continue;
    writer.Add({{"mountpoint", one.mount_point}}, value(*one.usage));
  }
}

template <uint64_t FilesystemUsage::*kValue>
void AddBytes(const FilesystemSample& sample, HostFamilyWriter& writer) {
  AddUsage(sample, writer, [](const FilesystemUsage& usage) -> MetricValue {
    return usage.*kValue;
  });
}

template <std::optional<uint64_t> FilesystemUsage::*kValue>
void AddInodes(const FilesystemSample& sample, HostFamilyWriter& writer) {
  AddUsage(sample, writer,
           [](const FilesystemUsage& usage) { return ValueOf(usage.*kValue); });
}

void AddInfo(const FilesystemSample& sample, HostFamilyWriter& writer) {
  for (const Filesystem& one : sample) {
    writer.Add({{"mountpoint", one.mount_point},
                {"device", one.source},
                {"fstype", one.type}},
               uint64_t{1});
  }
}

Metrics SizeMetrics() {
  using U = FilesystemUsage;
  return {
      {Family("reeve_host_filesystem_size_bytes", "Size of the file system.",
              "bytes", "statfs f_blocks"),
       AddBytes<&U::size_bytes>},
      {Family("reeve_host_filesystem_free_bytes",
              "Room in the file system that is not used.", "bytes",
              "statfs f_bfree"),
       AddBytes<&U::free_bytes>},
      {Family("reeve_host_filesystem_available_bytes",
              "Room in the file system that others than root can have.",
              "bytes", "statfs f_bavail"),
       AddBytes<&U::available_bytes>},
      {Family("reeve_host_filesystem_inodes",
              "Files that the file system can hold. Absent if it has no such "
              "limit.",
              "", "statfs f_files"),
       AddInodes<&U::inodes>},
      {Family("reeve_host_filesystem_inodes_free",
              "Files that the file system can still take.", "",
              "statfs f_ffree"),
       AddInodes<&U::inodes_free>},
  };
}

}  // namespace

Metrics FilesystemMetrics() {
  Metrics metrics = SizeMetrics();
  metrics.push_back(
      {Family("reeve_host_filesystem_read_only",
              "1 if nothing can be written to it, else 0.", "",
              "statfs f_flags"),
       [](const FilesystemSample& sample, HostFamilyWriter& writer) {
         AddUsage(sample, writer,
                  [](const FilesystemUsage& usage) -> MetricValue {
                    return uint64_t{usage.is_read_only};
                  });
       }});
  metrics.push_back(
      {Family("reeve_host_filesystem_unresponsive",
              "1 if the file system does not answer, as one whose server is "
              "gone; it has no other values then. Else 0.",
              "", "statfs"),
       [](const FilesystemSample& sample, HostFamilyWriter& writer) {
         for (const Filesystem& one : sample) {
           writer.Add({{"mountpoint", one.mount_point}},
                      uint64_t{one.is_stuck});
         }
       }});
  HostFamily info = Family(
      "reeve_host_filesystem_info",
      "Always 1. Its labels tell more of the file system, to be joined with "
      "its other series.",
      "", "/proc/self/mountinfo");
  info.labels = {"mountpoint", "device", "fstype"};
  metrics.push_back({info, AddInfo});
  return metrics;
}

}  // namespace reeve
