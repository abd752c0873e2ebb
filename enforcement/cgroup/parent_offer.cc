#include "enforcement/cgroup/parent_offer.h"

#include <sys/types.h>
#include <unistd.h>

#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "base/file.h"
#include "enforcement/cgroup/agent_place.h"
#include "enforcement/cgroup/cgroup_access.h"

namespace reeve {
namespace {

constexpr char kHowToGetOne[] =
    "run reeve as root, or in a cgroup that is delegated to it, such as by "
    "\"systemd-run --user --scope -p Delegate=yes\"";

// A cgroup with processes may give these to its children all the same, which
// then form a threaded subtree with it.
bool IsThreaded(absl::string_view controller) {
  return controller == "cpu" || controller == "cpuset" || controller == "pids";
}

// Those of a hierarchy that are asked for.
std::vector<std::string> WantedIn(const CgroupHierarchy& hierarchy,
                                  const OfferQuestion& question) {
  std::vector<std::string> wanted;
  for (const std::string& controller : hierarchy.controllers) {
    if (absl::c_linear_search(question.controllers, controller)) {
      wanted.push_back(controller);
    }
  }
  return wanted;
}

std::vector<std::string> ControllersIn(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return {};
  return absl::StrSplit(*text, absl::ByAnyChar(" \n"), absl::SkipEmpty());
}

// A place that this process cannot write to, and why.
struct Refusal {
  ControllerLack lack;
  std::string why;
};

Refusal NotWritable(CgroupAccess access, const std::string& path) {
  if (access == CgroupAccess::kReadOnly) {
    return {
        ControllerLack::kReadOnly,
        absl::StrCat(path, " is on a read-only mount: mount it read-write")};
  }
  return {ControllerLack::kNotDelegated,
          absl::StrCat("user ", geteuid(), " may not write to ", path, ": ",
                       kHowToGetOne)};
}

// nullopt if cgroups can be made below `cgroup`.
std::optional<Refusal> RefusalOf(const std::string& mount_point,
                                 const std::string& cgroup) {
  const std::string directory =
      absl::StrCat(mount_point, NearestExistingCgroup(mount_point, cgroup));
  const CgroupAccess access = WriteAccess(directory);
  if (access == CgroupAccess::kYes) return std::nullopt;
  return NotWritable(access, directory);
}

// A process goes from one v2 cgroup to another only if whoever moves it may
// write to cgroup.procs of the nearest that both are below: clone3(2) with
// CLONE_INTO_CGROUP asks for it too.
std::optional<Refusal> EntryRefusal(const std::string& mount_point,
                                    const OfferQuestion& question) {
  if (WriteAccess(absl::StrCat(mount_point, "/cgroup.procs")) ==
      CgroupAccess::kYes) {
    return std::nullopt;
  }
  const absl::StatusOr<std::string> cgroups =
      ReadFile(absl::StrCat(question.procfs, "/self/cgroup"));
  const std::string own = cgroups.ok() ? UnifiedCgroupIn(*cgroups) : "";
  std::string common = own == "/" ? "" : own;
  while (!IsAtOrBelow(question.parent, common)) common = ParentCgroup(common);
  const std::string procs = absl::StrCat(mount_point, common, "/cgroup.procs");
  const CgroupAccess access = WriteAccess(procs);
  if (access == CgroupAccess::kYes) return std::nullopt;
  if (access == CgroupAccess::kReadOnly) return NotWritable(access, procs);
  return Refusal{
      ControllerLack::kNotDelegated,
      absl::StrCat("no process can go there from reeve's own cgroup ", own,
                   ", for user ", geteuid(), " may not write to ", procs,
                   ": start reeve inside of the delegated cgroup")};
}

// The v2 cgroups from the root down to a parent, as far as they exist.
class Levels {
 public:
  Levels(const std::string& mount_point, const OfferQuestion& question)
      : mount_point_(mount_point),
        parent_(question.parent == "/" ? "" : question.parent),
        ignored_pid_(question.self_leaves ? getpid() : 0) {
    const std::string nearest = NearestExistingCgroup(mount_point, parent_);
    for (std::string cgroup = nearest;; cgroup = ParentCgroup(cgroup)) {
      levels_.insert(levels_.begin(), Look(cgroup));
      if (cgroup.empty()) break;
    }
    for (size_t i = 0; i < levels_.size(); ++i) {
      if (levels_[i].is_delegated) first_ours_ = i;
    }
  }

  // nullopt if `controller`, which the root has, can reach the children of the
  // parent.
  std::optional<Refusal> RefusalOf(const std::string& controller) const {
    for (size_t i = 0; i < levels_.size(); ++i) {
      if (absl::c_linear_search(levels_[i].enabled, controller)) continue;
      std::optional<Refusal> refusal = RefusalAt(i, controller);
      if (refusal.has_value()) return refusal;
    }
    return std::nullopt;
  }

 private:
  struct Level {
    std::string cgroup;
    // cgroup.subtree_control, what it holds, and who may write to it.
    std::string file;
    std::vector<std::string> enabled;
    CgroupAccess access;
    bool is_delegated;
    // Holds up controllers that are not threaded.
    bool has_processes;
  };

  Level Look(const std::string& cgroup) const {
    const std::string directory = absl::StrCat(mount_point_, cgroup);
    Level level;
    level.cgroup = cgroup;
    level.file = absl::StrCat(directory, "/cgroup.subtree_control");
    level.enabled = ControllersIn(level.file);
    level.access = WriteAccess(level.file);
    level.is_delegated = HasDelegateMark(directory);
    level.has_processes =
        !IsHierarchyRoot(directory) && HasOwnProcesses(directory, ignored_pid_);
    return level;
  }

  // "/a/b" for the level "/a" and the parent "/a/b/c".
  std::string Below(const Level& level) const {
    if (level.cgroup == parent_) return absl::StrCat(parent_, "/*");
    return parent_.substr(0, parent_.find('/', level.cgroup.size() + 1));
  }

  std::optional<Refusal> RefusalAt(size_t index,
                                   const std::string& controller) const {
    const Level& level = levels_[index];
    const std::string& file = level.file;
    if (level.access == CgroupAccess::kReadOnly) {
      return NotWritable(level.access, file);
    }
    if (index < first_ours_ || level.access == CgroupAccess::kDenied) {
      return Refusal{ControllerLack::kNotDelegated,
                     absl::StrCat("it is not delegated to ", Below(level),
                                  ": enable it in ", file, ", or by Delegate=",
                                  controller, " in the unit")};
    }
    if (level.has_processes && !IsThreaded(controller)) {
      return Refusal{ControllerLack::kHasProcesses,
                     absl::StrCat("it cannot be enabled in ", file,
                                  ": the cgroup has processes of its own; move "
                                  "them to a child cgroup")};
    }
    return std::nullopt;
  }

  const std::string mount_point_;
  const std::string parent_;
  const pid_t ignored_pid_;
  std::vector<Level> levels_;
  // The level that was delegated; those above it are somebody else's.
  size_t first_ours_ = 0;
};

// Collects what is offered and what is not.
class Survey {
 public:
  void Offer(const CgroupHierarchy& hierarchy,
             std::vector<std::string> controllers) {
    hierarchies_.push_back(
        {hierarchy.version, hierarchy.mount_point, std::move(controllers)});
  }

  void Lack(const std::string& controller, const Refusal& refusal) {
    missing_.push_back({controller, refusal.lack, refusal.why});
  }

  // No cgroup can be made in the hierarchy. If there is none at all, that of v2
  // says why.
  void Refuse(const CgroupHierarchy& hierarchy,
              const std::vector<std::string>& controllers,
              const Refusal& refusal) {
    for (const std::string& controller : controllers) Lack(controller, refusal);
    if (refusal_.empty() || hierarchy.version == CgroupVersion::kV2) {
      refusal_ = refusal.why;
    }
  }

  ParentOffer Result(const std::string& parent) && {
    ParentOffer offer;
    if (hierarchies_.empty() && !refusal_.empty()) {
      offer.usable = absl::PermissionDeniedError(
          absl::StrCat("no cgroup can be made below ", parent, ": ", refusal_));
    }
    offer.mounts = CgroupMounts(std::move(hierarchies_));
    offer.missing = std::move(missing_);
    return offer;
  }

 private:
  std::vector<CgroupHierarchy> hierarchies_;
  std::vector<MissingController> missing_;
  std::string refusal_;
};

void SurveyV2(const CgroupHierarchy& hierarchy, const OfferQuestion& question,
              const std::vector<std::string>& wanted, Survey& survey) {
  // What the parent gives already has come all the way; mostly that is all.
  const std::vector<std::string> enabled = ControllersIn(absl::StrCat(
      hierarchy.mount_point, question.parent, "/cgroup.subtree_control"));
  std::vector<std::string> offered;
  std::optional<Levels> levels;
  for (const std::string& controller : wanted) {
    if (!absl::c_linear_search(enabled, controller)) {
      if (!levels.has_value()) levels.emplace(hierarchy.mount_point, question);
      const std::optional<Refusal> refusal = levels->RefusalOf(controller);
      if (refusal.has_value()) {
        survey.Lack(controller, *refusal);
        continue;
      }
    }
    offered.push_back(controller);
  }
  survey.Offer(hierarchy, std::move(offered));
}

}  // namespace

std::map<std::string, std::string> ParentOffer::WhyMissing() const {
  std::map<std::string, std::string> why;
  for (const MissingController& lack : missing) why[lack.controller] = lack.why;
  return why;
}

std::vector<std::string> TaskControllers() {
  return {"cpu", "cpuacct", "memory",  "pids",    "cpuset",
          "io",  "blkio",   "hugetlb", "freezer", "devices"};
}

ParentOffer ReadParentOffer(const CgroupMounts& mounts,
                            const OfferQuestion& question) {
  Survey survey;
  for (const CgroupHierarchy& hierarchy : mounts.hierarchies()) {
    const bool is_v2 = hierarchy.version == CgroupVersion::kV2;
    const std::vector<std::string> wanted = WantedIn(hierarchy, question);
    if (!is_v2 && wanted.empty()) continue;
    std::optional<Refusal> refusal =
        RefusalOf(hierarchy.mount_point, question.parent);
    if (is_v2 && !refusal.has_value()) {
      refusal = EntryRefusal(hierarchy.mount_point, question);
    }
    if (refusal.has_value()) {
      survey.Refuse(hierarchy, wanted, *refusal);
    } else if (is_v2) {
      SurveyV2(hierarchy, question, wanted, survey);
    } else {
      survey.Offer(hierarchy, wanted);
    }
  }
  return std::move(survey).Result(question.parent);
}

}  // namespace reeve
