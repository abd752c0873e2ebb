#include "enforcement/cgroup/host_limits.h"

#include <set>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "base/cpu_list.h"
#include "enforcement/cgroup/block_device.h"
#include "enforcement/cgroup/cpuset_parent.h"
#include "enforcement/cgroup/huge_pages.h"

namespace reeve {
namespace {

absl::Status CheckList(absl::string_view what, const std::string& list,
                       const CpuList& available, const std::string& parent) {
  const absl::StatusOr<CpuList> wanted = ParseCpuList(list);
  if (!wanted.ok()) return wanted.status();
  const CpuList missing = CpusWithout(*wanted, available);
  if (missing.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(what, " of ", list, ": there is no ", FormatCpuList(missing),
                   "; give some of ", FormatCpuList(available),
                   ", which cgroup ", parent, " has"));
}

absl::Status CheckCpuset(const ResourceLimits& limits,
                         const CgroupMounts& mounts,
                         const std::string& parent) {
  if (!limits.cpuset_cpus && !limits.cpuset_mems) return absl::OkStatus();
  const absl::StatusOr<AvailableCpuset> available = AvailableIn(mounts, parent);
  if (!available.ok()) return available.status();
  absl::Status status = CheckList("cpuset", limits.cpuset_cpus.value_or(""),
                                  available->cpus, parent);
  status.Update(CheckList("memory nodes", limits.cpuset_mems.value_or(""),
                          available->mems, parent));
  return status;
}

absl::Status CheckHugePages(const ResourceLimits& limits,
                            const std::string& sysfs) {
  if (limits.hugetlb.empty()) return absl::OkStatus();
  const std::vector<std::string> sizes = HugePageSizes(sysfs);
  for (const HugetlbLimit& limit : limits.hugetlb) {
    if (absl::c_linear_search(sizes, limit.page_size)) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "huge pages of ", limit.page_size, ": this kernel has ",
        sizes.empty() ? "no huge pages at all" : absl::StrJoin(sizes, ", ")));
  }
  return absl::OkStatus();
}

absl::Status ResolveDevices(const std::string& sysfs, ResourceLimits& limits) {
  std::set<std::string> known;
  for (IoMax& io : limits.io_max) {
    absl::StatusOr<std::string> number = ResolveBlockDevice(io.device, sysfs);
    if (!number.ok()) return number.status();
    if (!known.insert(*number).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("io max of ", io.device, ": device ", *number,
                       " is named twice; name it once"));
    }
    io.device = *std::move(number);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ResourceLimits> ResolveLimits(const ResourceLimits& limits,
                                             const CgroupMounts& mounts,
                                             const std::string& parent,
                                             const std::string& sysfs) {
  absl::Status status = CheckCpuset(limits, mounts, parent);
  if (!status.ok()) return status;
  status = CheckHugePages(limits, sysfs);
  if (!status.ok()) return status;
  ResourceLimits resolved = limits;
  status = ResolveDevices(sysfs, resolved);
  if (!status.ok()) return status;
  return resolved;
}

}  // namespace reeve
