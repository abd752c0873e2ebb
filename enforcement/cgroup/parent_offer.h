#ifndef REEVE_ENFORCEMENT_CGROUP_PARENT_OFFER_H_
#define REEVE_ENFORCEMENT_CGROUP_PARENT_OFFER_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "collectors/cgroup/cgroup_mounts.h"

namespace reeve {

// Why the cgroups below a parent cannot have a controller.
enum class ControllerLack {
  // In no mounted hierarchy, or the kernel does not have it.
  kNotMounted,
  // The hierarchy is mounted read-only.
  kReadOnly,
  // It belongs to somebody else, who did not pass it on.
  kNotDelegated,
  // A cgroup that would have to pass it on has processes of its own, which v2
  // forbids.
  kHasProcesses,
};

struct MissingController {
  std::string controller;
  ControllerLack lack = ControllerLack::kNotDelegated;
  // One line that names the place and says what to do.
  std::string why;
};

// What the cgroups below one parent can have.
struct ParentOffer {
  // The hierarchies in which cgroups can be made there, with those of their
  // controllers that can be had, or be enabled on the way.
  CgroupMounts mounts{{}};
  // The controllers of mounted hierarchies that cannot be had.
  std::vector<MissingController> missing;
  // kPermissionDenied, saying what to do, if no cgroup can be made there at all
  // though there are hierarchies.
  absl::Status usable;

  // `missing` by controller.
  std::map<std::string, std::string> WhyMissing() const;
};

// The controllers that tasks have files of. cpuacct, blkio, freezer and
// devices are v1's.
std::vector<std::string> TaskControllers();

struct OfferQuestion {
  std::string parent;  // "/user.slice/x.scope/reeve"; it need not exist.
  // Others are not looked at: what is not enabled yet takes time to look at.
  std::vector<std::string> controllers = TaskControllers();
  // The asking process will be in another cgroup by then.
  bool self_leaves = false;
  std::string procfs = "/proc";
};

// Looks what this process may do below a parent in each hierarchy, as things
// are now; on v2 at each level that a controller would have to be enabled in.
// What belongs to whoever delegated a cgroup is not touched, even where
// permissions would allow it. Changes nothing; thread-safe.
ParentOffer ReadParentOffer(const CgroupMounts& mounts,
                            const OfferQuestion& question);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_PARENT_OFFER_H_
