#ifndef REEVE_COLLECTORS_CGROUPS_MEASURED_HIERARCHIES_H_
#define REEVE_COLLECTORS_CGROUPS_MEASURED_HIERARCHIES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "collectors/cgroup/cgroup_mounts.h"

namespace reeve {

// cpu, cpuacct, memory, pids, and the v2 hierarchy.
constexpr size_t kMostHierarchies = 5;

// In which hierarchies a cgroup is: its inode number in each, 0 where it is
// not. The same path in all of them is one cgroup.
using CgroupInodes = std::array<uint64_t, kMostHierarchies>;

enum class PlaceChange {
  kNone,
  // In other hierarchies than before, as if one more controller was asked for.
  kMoved,
  // Removed and made again in some hierarchy: another one of the same name.
  kAnew,
  kGone,
};

PlaceChange ChangeOf(const CgroupInodes& before, const CgroupInodes& now);

// The hierarchies that have what is measured of cgroups, and where the files of
// one are. Thread-compatible.
class MeasuredHierarchies {
 public:
  explicit MeasuredHierarchies(CgroupMounts mounts);
  MeasuredHierarchies(const MeasuredHierarchies&) = delete;
  MeasuredHierarchies& operator=(const MeasuredHierarchies&) = delete;

  // Places are in the order of these.
  const std::vector<const CgroupHierarchy*>& all() const { return all_; }

  // The directories that there are, by controller; others are absent, and so
  // are those of controllers that are not measured.
  CgroupDirs DirsOf(absl::string_view path, const CgroupInodes& inodes) const;

 private:
  void Add(const CgroupHierarchy* hierarchy);
  bool Has(const CgroupInodes& inodes, const CgroupHierarchy* hierarchy) const;

  const CgroupMounts mounts_;
  // Each of them once.
  std::vector<const CgroupHierarchy*> all_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUPS_MEASURED_HIERARCHIES_H_
