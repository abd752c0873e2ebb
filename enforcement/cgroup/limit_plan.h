#ifndef REEVE_ENFORCEMENT_CGROUP_LIMIT_PLAN_H_
#define REEVE_ENFORCEMENT_CGROUP_LIMIT_PLAN_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// From limits to kernel files and what to write to them. Pure: nothing here
// reads or writes one.

// Which version each controller that has limits lives in; absent if the cgroup
// does not have the controller.
struct LimitVersions {
  std::optional<CgroupVersion> cpu;
  std::optional<CgroupVersion> memory;
  std::optional<CgroupVersion> pids;
};

struct LimitFile {
  std::string controller;
  std::string file;
};

// The contents of limit files by their name. One that does not exist is absent.
using LimitTexts = std::map<std::string, std::string>;

// What a file is to hold.
struct PlannedLimit {
  std::string controller;
  std::string file;
  // As in LimitSetting.
  std::string requested;
  std::string value;
  // Whether the file holds something else now.
  bool needs_write = false;
};

// kUnavailable naming a limit whose controller is missing.
absl::Status CheckControllers(const ResourceLimits& limits,
                              const LimitVersions& versions);

// The files whose contents PlanLimits() wants to know. Not every kernel has
// all of them.
std::vector<LimitFile> LimitFilesOf(const ResourceLimits& limits,
                                    const LimitVersions& versions);

// Every file of the limits with what it is to hold, in an order in which each
// write is valid when its turn comes:
//
// * v1 memory: memory.memsw.limit_in_bytes may never be below
//   memory.limit_in_bytes, so it is first when it grows and last when it
//   shrinks.
// * v1 quota: CPU time over period may not be above the parent's, so of quota
//   and period the one that makes the task slower is first.
//
// A memory limit turns swap off (memsw = limit and swappiness 0, or
// memory.swap.max 0), and no limit turns it on again; where the kernel does not
// account for swap there are no such files, and none are planned. kUnavailable
// naming a limit that this kernel has no file for.
absl::StatusOr<std::vector<PlannedLimit>> PlanLimits(
    const ResourceLimits& limits, const LimitVersions& versions,
    const LimitTexts& current);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_LIMIT_PLAN_H_
