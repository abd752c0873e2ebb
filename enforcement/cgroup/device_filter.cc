#include "enforcement/cgroup/device_filter.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "base/unique_fd.h"
#include "enforcement/cgroup/device_attachment.h"
#include "enforcement/cgroup/device_list.h"
#include "enforcement/cgroup/device_programs.h"

namespace reeve {
namespace {

// Of all tasks: most have the same.
DevicePrograms& Programs() {
  static auto* const programs = new DevicePrograms();
  return *programs;
}

absl::Status AttachFilter(int dir_fd,
                          const std::vector<DeviceAccess>& allowed) {
  const absl::StatusOr<std::shared_ptr<const UniqueFd>> program =
      Programs().Get(allowed);
  if (!program.ok()) return program.status();
  return AttachDeviceProgram(dir_fd, **program);
}

}  // namespace

absl::StatusOr<DeviceFilter> ChooseDeviceFilter(
    const CgroupMounts& offered,
    const std::map<std::string, std::string>& why_missing,
    bool loads_programs) {
  const bool has_list = offered.Find("devices") != nullptr;
  const bool has_unified = offered.Unified() != nullptr;
  if (has_unified && (loads_programs || !has_list)) {
    return DeviceFilter::kProgram;
  }
  if (has_list) return DeviceFilter::kList;
  const auto why = why_missing.find("devices");
  return absl::UnavailableError(absl::StrCat(
      "no hierarchy can keep devices from it: ",
      why == why_missing.end() ? "mount that of v2, or of the v1 devices "
                                 "controller, where reeve may write to it"
                               : why->second));
}

bool LoadsDevicePrograms() {
  static const bool loads = Programs().Get(DefaultDeviceAccess()).ok();
  return loads;
}

absl::Status FilterDevices(DeviceFilter filter, int dir_fd,
                           const std::vector<DeviceAccess>& allowed) {
  switch (filter) {
    case DeviceFilter::kList:
      return RestrictDeviceList(dir_fd, allowed);
    case DeviceFilter::kProgram:
      return AttachFilter(dir_fd, allowed);
  }
  return absl::OkStatus();
}

}  // namespace reeve
