#include "collectors/cgroup/pids_reader.h"

#include "absl/status/status.h"
#include "base/kernel_number.h"
#include "collectors/cgroup/pids_events.h"

namespace reeve {
namespace {

constexpr char kCollector[] = "pids";

}  // namespace

absl::StatusOr<PidsReader> PidsReader::Open(const CgroupDirs& dirs,
                                            const CgroupDirHandles& handles) {
  PidsReader reader;
  absl::Status status =
      handles.OpenFile(dirs.pids, "pids.current", reader.current_);
  status.Update(handles.OpenFile(dirs.pids, "pids.events", reader.events_));
  if (!status.ok()) return status;
  return reader;
}

void PidsReader::ReadUsage(SamplePass& pass, CgroupSample& sample) {
  sample.threads = pass.Read(kCollector, current_, ParseKernelNumber);
}

void PidsReader::ReadEvents(SamplePass& pass, CgroupSample& sample) {
  sample.fork_failures = pass.Read(kCollector, events_, ParseForkFailures);
}

}  // namespace reeve
