#include "enforcement/cgroup/controller_survey.h"

#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "enforcement/cgroup/example_cgroup.h"

namespace reeve {
namespace {

constexpr char kNoSwapAccounting[] =
    "swap is not accounted for: a task at its memory limit may go on in swap; "
    "boot with swapaccount=1, or turn swap off";

const char* NameOf(ControllerLack lack) {
  switch (lack) {
    case ControllerLack::kNotMounted:
      return "not_mounted";
    case ControllerLack::kReadOnly:
      return "read_only";
    case ControllerLack::kNotDelegated:
      return "not_delegated";
    case ControllerLack::kHasProcesses:
      return "has_processes";
  }
  return "";
}

bool Exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

// The name that the kernel has for a controller on this host.
std::string KernelName(const CgroupMounts& mounts, const std::string& name) {
  return name == "io" && mounts.Find("io") == nullptr ? "blkio" : name;
}

// Where there is nothing to look at, the kernel's default is taken for granted.
bool AccountsForSwap(const CgroupHierarchy& memory, const std::string& parent) {
  if (memory.version == CgroupVersion::kV1) {
    return Exists(
        absl::StrCat(memory.mount_point, "/memory.memsw.limit_in_bytes"));
  }
  const std::optional<std::string> directory =
      CgroupWithFile(memory.mount_point, parent, "memory.max");
  return !directory.has_value() ||
         Exists(absl::StrCat(*directory, "/memory.swap.max"));
}

ControllerState StateOf(const CgroupMounts& mounts, const ParentOffer& offer,
                        const std::string& name) {
  ControllerState state;
  state.controller = name;
  const std::string kernel_name = KernelName(mounts, name);
  // v2 freezes without a controller.
  if (name == "freezer" && offer.mounts.Unified() != nullptr) {
    state.hierarchy = *offer.mounts.Unified();
    return state;
  }
  const CgroupHierarchy* hierarchy = mounts.Find(kernel_name);
  if (hierarchy == nullptr) {
    state.shortfall = NameOf(ControllerLack::kNotMounted);
    state.why = absl::StrCat(
        "this host has the cgroup controller ", kernel_name,
        " in no mounted hierarchy: boot with cgroup_enable=", kernel_name,
        ", or mount one that has it");
    return state;
  }
  state.hierarchy = *hierarchy;
  for (const MissingController& missing : offer.missing) {
    if (missing.controller != kernel_name) continue;
    state.shortfall = NameOf(missing.lack);
    state.why = missing.why;
  }
  return state;
}

}  // namespace

std::vector<ControllerState> SurveyControllers(const CgroupMounts& mounts,
                                               const OfferQuestion& question) {
  const ParentOffer offer = ReadParentOffer(mounts, question);
  std::vector<ControllerState> states;
  for (const char* name :
       {"cpu", "memory", "pids", "cpuset", "io", "hugetlb", "freezer"}) {
    states.push_back(StateOf(mounts, offer, name));
    ControllerState& state = states.back();
    if (state.controller == "memory" && state.shortfall.empty() &&
        !AccountsForSwap(*state.hierarchy, question.parent)) {
      state.shortfall = "no_swap_accounting";
      state.why = kNoSwapAccounting;
    }
  }
  return states;
}

}  // namespace reeve
