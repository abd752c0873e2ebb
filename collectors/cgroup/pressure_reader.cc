#include "collectors/cgroup/pressure_reader.h"

#include <fcntl.h>

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "base/file.h"
#include "base/unique_fd.h"
#include "collectors/cgroup/open_later.h"
#include "collectors/cgroup/pressure.h"

namespace reeve {
namespace {

constexpr char kCollector[] = "pressure";

uint64_t NanosecondsFromUsec(uint64_t usec) { return usec * 1000; }

PressureTimes ReadTimes(SamplePass& pass, KeptFile& file) {
  const std::optional<Pressure> pressure =
      pass.Read(kCollector, file, ParsePressure);
  if (!pressure.has_value()) return {};
  PressureTimes times;
  times.waiting_ns = NanosecondsFromUsec(pressure->some_usec);
  if (pressure->full_usec.has_value()) {
    times.stalled_ns = NanosecondsFromUsec(*pressure->full_usec);
  }
  return times;
}

}  // namespace

absl::Status PressureReader::OpenFiles() {
  if (!dir_.has_value() || cpu_.Exists()) return absl::OkStatus();
  const absl::StatusOr<UniqueFd> dir = OpenDirAt(AT_FDCWD, dir_->path);
  if (!dir.ok()) return dir.status();
  absl::Status status = OpenLater(dir->get(), "cpu.pressure", cpu_);
  if (!cpu_.Exists()) return status;
  status.Update(OpenLater(dir->get(), "memory.pressure", memory_));
  status.Update(OpenLater(dir->get(), "io.pressure", io_));
  return status;
}

void PressureReader::Read(ReadBuffer& buffer, ReadErrorSink on_error,
                          ExtraSample& sample) {
  const absl::Status opened = OpenFiles();
  if (!opened.ok() && !absl::IsNotFound(opened)) on_error(kCollector, opened);
  if (!cpu_.Exists()) return;
  SamplePass pass(buffer, on_error);
  sample.cpu_pressure = ReadTimes(pass, cpu_);
  sample.memory_pressure = ReadTimes(pass, memory_);
  sample.io_pressure = ReadTimes(pass, io_);
  if (pass.cgroup_is_gone()) {
    cpu_.Close();
    memory_.Close();
    io_.Close();
  } else if (!cpu_.Exists()) {
    // The kernel turned out not to support it, and never will.
    dir_.reset();
  }
}

}  // namespace reeve
