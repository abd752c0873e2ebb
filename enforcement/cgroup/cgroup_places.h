#ifndef REEVE_ENFORCEMENT_CGROUP_CGROUP_PLACES_H_
#define REEVE_ENFORCEMENT_CGROUP_CGROUP_PLACES_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "collectors/cgroup/cgroup_mounts.h"

namespace reeve {

// The hierarchies that a cgroup with certain controllers has a directory in.
// Points into the CgroupMounts it was made from.
struct CgroupPlaces {
  // Each hierarchy once, with one of the controllers that live in it.
  std::vector<std::pair<const CgroupHierarchy*, std::string>> by_controller;
  // Controllers that have to be enabled from the root down.
  std::vector<std::string> v2_controllers;
  // The v2 hierarchy, if it is mounted and none of the controllers is in it.
  const CgroupHierarchy* bare_unified = nullptr;

  std::vector<const CgroupHierarchy*> All() const;
};

// kUnavailable naming a controller that the host does not have.
absl::StatusOr<CgroupPlaces> FindCgroupPlaces(
    const CgroupMounts& mounts, const std::vector<std::string>& controllers);

// kInvalidArgument unless `cgroup` is an absolute path below the root, without
// "." and "..".
absl::Status CheckCgroupPath(const std::string& cgroup);

// "/sys/fs/cgroup/memory/reeve/web"
std::string CgroupDirectory(const CgroupHierarchy& hierarchy,
                            const std::string& cgroup);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_CGROUP_PLACES_H_
