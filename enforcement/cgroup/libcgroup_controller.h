#ifndef REEVE_ENFORCEMENT_CGROUP_LIBCGROUP_CONTROLLER_H_
#define REEVE_ENFORCEMENT_CGROUP_LIBCGROUP_CONTROLLER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/cgroup_controller.h"
#include "enforcement/cgroup/cgroup_places.h"

namespace reeve {

// CgroupController over libcgroup. What the library (2.0.2) cannot do or does
// wrong is done or checked here:
//
// * The unified hierarchy of a hybrid host has no name in the library: its
//   directories are made and removed here.
// * It enables v2 controllers at every level without looking whether they are,
//   which the owner of what a delegated cgroup is in refuses: they are enabled,
//   and v2 directories made, here.
// * It is asked once for each hierarchy, not for each controller: it stumbles
//   over controllers that share one.
// * Deleting a busy cgroup may report success, and creating may fail halfway:
//   the directories are looked at afterwards, and what is left is removed.
//
// The library reads /proc/mounts before each value it writes: five limits take
// it 74 us of CPU time where open, write and close take 10, and more with more
// mounts. So Set() is for rare writes, and the limits of tasks are written
// through kept descriptors. Making and removing a cgroup of three hierarchies
// and the unified one takes 172 us where mkdir and rmdir take 98: that stays
// (tests/benchmarks/cgroup_benchmark.cc).
//
// Thread-safe: the library's state is the process's, so one lock guards it for
// all instances.
class LibcgroupController final : public CgroupController {
 public:
  // Lets the library read its table of mounts, once in the process. If it
  // cannot, the errors of the other functions say so.
  explicit LibcgroupController(CgroupMounts mounts);

  absl::Status Create(const std::string& cgroup,
                      const std::vector<std::string>& controllers) override;
  absl::Status Extend(const std::string& cgroup,
                      const std::vector<std::string>& controllers) override;
  absl::Status Set(const std::string& cgroup,
                   const std::vector<CgroupSetting>& settings) override;
  absl::Status Remove(const std::string& cgroup) override;

 private:
  absl::Status Make(const CgroupPlaces& places, const std::string& cgroup);

  const CgroupMounts mounts_;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_LIBCGROUP_CONTROLLER_H_
