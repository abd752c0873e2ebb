#ifndef REEVE_COLLECTORS_CGROUP_CGROUP_MOUNTS_H_
#define REEVE_COLLECTORS_CGROUP_CGROUP_MOUNTS_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

enum class CgroupVersion { kV1 = 1, kV2 = 2 };

// One mounted cgroup hierarchy.
struct CgroupHierarchy {
  CgroupVersion version;
  std::string mount_point;
  // Controllers that live here: the mount options of a v1 hierarchy (without
  // rw, name=… and the like), cgroup.controllers of the v2 one.
  std::vector<std::string> controllers;

  bool operator==(const CgroupHierarchy& other) const {
    return version == other.version && mount_point == other.mount_point &&
           controllers == other.controllers;
  }
};

// Which hierarchy each controller lives in. Decided per controller, because a
// hybrid host has some on v1 and some on v2. A value that never changes: copies
// share the table, which lives as long as the last of them. Thread-safe.
class CgroupMounts {
 public:
  explicit CgroupMounts(std::vector<CgroupHierarchy> hierarchies);

  // Reads PROCFS/self/mountinfo, and cgroup.controllers of a v2 mount. A host
  // without any cgroup mount gives an empty table, not an error. Of a hierarchy
  // mounted twice the first mount counts; mounts whose root is not the
  // hierarchy's visible root ("/" or the cgroup namespace's) are passed over.
  static absl::StatusOr<CgroupMounts> Discover(
      const std::string& procfs = "/proc");

  // The hierarchy of a controller ("cpu", "memory" …); null if it has none. A
  // controller mounted as v1 is not offered by v2 at the same time.
  const CgroupHierarchy* Find(absl::string_view controller) const;

  // The v2 hierarchy, with or without controllers; null if not mounted.
  const CgroupHierarchy* Unified() const;

  const std::vector<CgroupHierarchy>& hierarchies() const {
    return *hierarchies_;
  }

  bool operator==(const CgroupMounts& other) const {
    return hierarchies_ == other.hierarchies_ ||
           *hierarchies_ == *other.hierarchies_;
  }

  // "v1", "v2", "hybrid" or "none", for people and the info metric.
  std::string LayoutName() const;

 private:
  std::shared_ptr<const std::vector<CgroupHierarchy>> hierarchies_;
};

// Parses mountinfo(5), proc(5): the fields up to " - ", then type, source and
// super options. v2 hierarchies get no controllers here.
std::vector<CgroupHierarchy> ParseCgroupMountinfo(absl::string_view mountinfo);

// The directories of one cgroup (same path in every hierarchy), by controller.
struct CgroupDir {
  CgroupVersion version;
  std::string path;
};

struct CgroupDirs {
  std::optional<CgroupDir> cpu;
  // v1 only: on v2 the CPU time is in cpu.stat of `unified`.
  std::optional<CgroupDir> cpuacct;
  std::optional<CgroupDir> memory;
  std::optional<CgroupDir> pids;
  // Most tasks have none of the next three on v1. They are not measured.
  std::optional<CgroupDir> cpuset;
  // Called blkio on v1.
  std::optional<CgroupDir> io;
  std::optional<CgroupDir> hugetlb;
  // The cgroup in the v2 hierarchy: on a hybrid host the twin that has cgroup.*
  // files, PSI and base cpu.stat but no controllers.
  std::optional<CgroupDir> unified;
};

// `cgroup` is an absolute path below the hierarchies' roots, such as
// "/reeve/web". The directories need not exist.
CgroupDirs LocateCgroup(const CgroupMounts& mounts, absl::string_view cgroup);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_CGROUP_MOUNTS_H_
