// /proc/self/mountinfo, from which cgroup hierarchies are found.

#include "collectors/cgroup/cgroup_mounts.h"
#include "tests/fuzz/fuzz_check.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::vector<reeve::CgroupHierarchy> hierarchies =
      reeve::ParseCgroupMountinfo(reeve::TextOf(data, size));
  for (const reeve::CgroupHierarchy& hierarchy : hierarchies) {
    FUZZ_CHECK(!hierarchy.mount_point.empty());
    for (const std::string& controller : hierarchy.controllers) {
      FUZZ_CHECK(!controller.empty());
    }
  }
  const reeve::CgroupMounts mounts(hierarchies);
  (void)mounts.LayoutName();
  (void)reeve::LocateCgroup(mounts, "/reeve/web");
  return 0;
}
