#ifndef REEVE_ENFORCEMENT_CGROUP_HUGE_PAGES_H_
#define REEVE_ENFORCEMENT_CGROUP_HUGE_PAGES_H_

#include <string>
#include <vector>

namespace reeve {

// The sizes of huge pages that this kernel has, as it names them in the files
// of a cgroup ("2MB", "1GB"), the smallest first; from
// SYSFS/kernel/mm/hugepages/hugepages-2048kB. None if it has no huge pages.
std::vector<std::string> HugePageSizes(const std::string& sysfs);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_HUGE_PAGES_H_
