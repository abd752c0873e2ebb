#include "agent/doctor/controller_check.h"

#include <unistd.h>

#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "agent/doctor/limit_files.h"
#include "agent/doctor/probe_cgroup.h"
#include "enforcement/cgroup/cgroup_access.h"
#include "enforcement/cgroup/controller_survey.h"
#include "enforcement/cgroup/example_cgroup.h"

namespace reeve {
namespace {

bool Exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

// A cgroup that is made to look has all that tasks will have, but on v2 only if
// the controller has come to its parent already.
LimitFilesFound FilesOf(const ControllerState& state,
                        const std::string& parent) {
  const CgroupHierarchy& hierarchy = *state.hierarchy;
  const std::string& mount_point = hierarchy.mount_point;
  const std::string key = KeyFileOf(state.controller, hierarchy.version);
  const absl::StatusOr<ProbeCgroup> probe = ProbeCgroup::Make(
      absl::StrCat(mount_point, NearestExistingCgroup(mount_point, parent)));
  std::optional<std::string> directory;
  if (probe.ok() && (hierarchy.version == CgroupVersion::kV1 ||
                     Exists(absl::StrCat(probe->path(), "/", key)))) {
    directory = probe->path();
  } else {
    directory = CgroupWithFile(mount_point, parent, key);
  }
  if (!directory.has_value()) return {};
  return FindLimitFiles(state.controller, hierarchy.version, *directory);
}

ControllerFinding FindingOf(const ControllerState& state,
                            const std::string& parent) {
  ControllerFinding finding;
  finding.name = state.controller;
  finding.reason = state.shortfall;
  finding.why = state.why;
  if (!state.hierarchy.has_value()) return finding;
  finding.version = static_cast<int>(state.hierarchy->version);
  finding.mount_point = state.hierarchy->mount_point;
  // Without accounting for swap there are limits all the same.
  finding.usable =
      state.shortfall.empty() || state.shortfall == "no_swap_accounting";
  LimitFilesFound files = FilesOf(state, parent);
  finding.limits = std::move(files.there);
  finding.missing_limits = std::move(files.missing);
  return finding;
}

}  // namespace

Finding CheckCgroupLayout(const CgroupMounts& mounts) {
  const std::string layout = mounts.LayoutName();
  if (layout != "none") return {"cgroups", Verdict::kOk, layout, ""};
  return {"cgroups", Verdict::kFail, "no hierarchy is mounted",
          "mount -t cgroup2 none /sys/fs/cgroup"};
}

Finding CheckTaskCgroups(const CgroupMounts& mounts,
                         const OfferQuestion& question) {
  const std::string check = "task cgroups";
  const ParentOffer offer = ReadParentOffer(mounts, question);
  if (!offer.usable.ok()) {
    return {check, Verdict::kFail, std::string(offer.usable.message()),
            "see docs/delegation.md"};
  }
  for (const CgroupHierarchy& hierarchy : offer.mounts.hierarchies()) {
    const std::string directory = absl::StrCat(
        hierarchy.mount_point,
        NearestExistingCgroup(hierarchy.mount_point, question.parent));
    const absl::StatusOr<ProbeCgroup> probe = ProbeCgroup::Make(directory);
    if (!probe.ok()) {
      return {check, Verdict::kFail, std::string(probe.status().message()), ""};
    }
  }
  return {check, Verdict::kOk, absl::StrCat("below ", question.parent), ""};
}

std::vector<ControllerFinding> CheckControllers(const CgroupMounts& mounts,
                                                const OfferQuestion& question) {
  std::vector<ControllerFinding> findings;
  for (const ControllerState& state : SurveyControllers(mounts, question)) {
    findings.push_back(FindingOf(state, question.parent));
  }
  return findings;
}

}  // namespace reeve
