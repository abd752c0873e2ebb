#ifndef REEVE_COLLECTORS_CGROUPS_CGROUP_LIMIT_READER_H_
#define REEVE_COLLECTORS_CGROUPS_CGROUP_LIMIT_READER_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/kept_file.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/cgroup/sample_pass.h"
#include "collectors/task_target.h"

namespace reeve {

// Reads the limits that a cgroup has by itself, not those of the cgroups above
// it: of memory (memory.max, memory.high and memory.low, memory.limit_in_bytes
// on v1), CPU time (cpu.max, or cpu.cfs_quota_us) and threads (pids.max). The
// others, and those that are not set, are absent. Opens each file anew.
// Thread-safe.
LimitValues ReadCgroupLimits(const CgroupDirs& dirs, ReadBuffer& buffer,
                             ReadErrorSink on_error);

// cgroup v2 `cpu.max`, "20000 100000" or "max 100000": in cores; nullopt
// without a limit. kDataLoss for anything else.
absl::StatusOr<std::optional<double>> ParseCpuMax(absl::string_view contents);

// v1 `cpu.cfs_quota_us`, in microseconds: "-1", which is no limit, or a number.
absl::StatusOr<std::optional<uint64_t>> ParseCfsQuota(
    absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUPS_CGROUP_LIMIT_READER_H_
