#include "agent/doctor/device_check.h"

#include <fcntl.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "agent/doctor/probe_cgroup.h"
#include "base/file.h"
#include "base/unique_fd.h"
#include "enforcement/cgroup/cgroup_access.h"
#include "enforcement/cgroup/device_filter.h"
#include "enforcement/spec/device_access.h"

namespace reeve {
namespace {

const CgroupHierarchy& HierarchyOf(DeviceFilter filter,
                                   const CgroupMounts& mounts) {
  return filter == DeviceFilter::kList ? *mounts.Find("devices")
                                       : *mounts.Unified();
}

absl::Status TryFilter(DeviceFilter filter, const CgroupHierarchy& hierarchy,
                       const std::string& parent) {
  const absl::StatusOr<ProbeCgroup> probe = ProbeCgroup::Make(
      absl::StrCat(hierarchy.mount_point,
                   NearestExistingCgroup(hierarchy.mount_point, parent)));
  if (!probe.ok()) return probe.status();
  const absl::StatusOr<UniqueFd> directory = OpenDirAt(AT_FDCWD, probe->path());
  if (!directory.ok()) return directory.status();
  return FilterDevices(filter, directory->get(), DefaultDeviceAccess());
}

Finding Refused(const absl::Status& status) {
  return {"devices", Verdict::kWarn,
          absl::StrCat("refused: ", status.message()),
          "run as root, on a kernel with CONFIG_CGROUP_BPF"};
}

}  // namespace

Finding CheckDevices(const CgroupMounts& mounts, OfferQuestion question) {
  question.controllers = {"devices"};
  const ParentOffer offer = ReadParentOffer(mounts, question);
  if (!offer.usable.ok()) return Refused(offer.usable);
  const absl::StatusOr<DeviceFilter> filter = ChooseDeviceFilter(
      offer.mounts, offer.WhyMissing(), LoadsDevicePrograms());
  if (!filter.ok()) return Refused(filter.status());
  const absl::Status tried =
      TryFilter(*filter, HierarchyOf(*filter, offer.mounts), question.parent);
  if (!tried.ok()) return Refused(tried);
  return {"devices", Verdict::kOk,
          *filter == DeviceFilter::kList ? "v1 devices cgroup"
                                         : "BPF program on cgroup v2",
          ""};
}

}  // namespace reeve
