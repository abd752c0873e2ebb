#ifndef REEVE_TESTS_INTEGRATION_LIMIT_HOST_H_
#define REEVE_TESTS_INTEGRATION_LIMIT_HOST_H_

#include <memory>
#include <string>

#include "base/cpu_list.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "tests/testing/loop_device.h"

namespace reeve {

// What there is on this machine that some limits name.
struct LimitHost {
  // Looks, and makes a disk of the test's own.
  static LimitHost Find(const CgroupMounts& mounts);

  // The device that rates are asked for: the disk, or one that is not there.
  std::string DiskNumber() const;

  // All that a task may have.
  CpuList cpus = {0};
  CpuList nodes = {0};
  // Null if no disk can be made.
  std::unique_ptr<LoopDevice> disk;
  // The smallest of this kernel, or one that it has not got.
  std::string huge_page = "2MB";
  // Asking for huge pages would have the root of the v2 hierarchy pass their
  // controller on, and that is not the test's outside of a test machine.
  bool is_hugetlb_kept_by_root = false;
};

}  // namespace reeve

#endif  // REEVE_TESTS_INTEGRATION_LIMIT_HOST_H_
