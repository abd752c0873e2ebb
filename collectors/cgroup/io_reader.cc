#include "collectors/cgroup/io_reader.h"

#include <fcntl.h>

#include <cstdint>
#include <utility>

#include "absl/status/statusor.h"
#include "base/file.h"
#include "base/unique_fd.h"
#include "collectors/cgroup/open_later.h"
#include "collectors/cgroup/v1/blkio_stat.h"
#include "collectors/cgroup/v2/io_stat.h"

namespace reeve {
namespace {

constexpr char kCollector[] = "io";

bool HasTraffic(const DeviceIo& io) {
  for (const std::optional<uint64_t>* count :
       {&io.read_bytes, &io.write_bytes, &io.discard_bytes, &io.read_operations,
        &io.write_operations, &io.discard_operations}) {
    if (count->value_or(0) > 0) return true;
  }
  return false;
}

DeviceIo& DeviceOf(const std::string& device, std::vector<DeviceIo>& devices) {
  for (DeviceIo& known : devices) {
    if (known.device == device) return known;
  }
  devices.emplace_back().device = device;
  return devices.back();
}

}  // namespace

absl::Status IoReader::OpenFiles() {
  if (!dir_.has_value() || stat_.Exists() || bytes_.Exists()) {
    return absl::OkStatus();
  }
  const absl::StatusOr<UniqueFd> dir = OpenDirAt(AT_FDCWD, dir_->path);
  if (!dir.ok()) return dir.status();
  if (dir_->version == CgroupVersion::kV2) {
    return OpenLater(dir->get(), "io.stat", stat_);
  }
  absl::Status opened = OpenLater(
      dir->get(), "blkio.throttle.io_service_bytes_recursive", bytes_);
  if (!opened.ok()) return opened;
  return OpenLater(dir->get(), "blkio.throttle.io_serviced_recursive",
                   operations_);
}

void IoReader::Read(ReadBuffer& buffer, ReadErrorSink on_error,
                    ExtraSample& sample) {
  const absl::Status opened = OpenFiles();
  if (!opened.ok() && !absl::IsNotFound(opened)) on_error(kCollector, opened);
  SamplePass pass(buffer, on_error);
  std::vector<DeviceIo> devices =
      bytes_.Exists() ? ReadV1(pass)
                      : pass.Read(kCollector, stat_, ParseIoStatV2)
                            .value_or(std::vector<DeviceIo>());
  for (DeviceIo& io : devices) {
    if (!HasTraffic(io)) continue;
    io.device = names_.NameOf(io.device);
    sample.io.push_back(std::move(io));
  }
  names_.Keep();
}

std::vector<DeviceIo> IoReader::ReadV1(SamplePass& pass) {
  std::vector<DeviceIo> devices;
  const auto bytes = pass.Read(kCollector, bytes_, ParseBlkioStat);
  if (bytes.has_value()) {
    for (const BlkioStat& stat : *bytes) {
      DeviceIo& io = DeviceOf(stat.device, devices);
      io.read_bytes = stat.read;
      io.write_bytes = stat.write;
      io.discard_bytes = stat.discard;
    }
  }
  const auto operations = pass.Read(kCollector, operations_, ParseBlkioStat);
  if (operations.has_value()) {
    for (const BlkioStat& stat : *operations) {
      DeviceIo& io = DeviceOf(stat.device, devices);
      io.read_operations = stat.read;
      io.write_operations = stat.write;
      io.discard_operations = stat.discard;
    }
  }
  return devices;
}

}  // namespace reeve
