#include "enforcement/cgroup/agent_place.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/file.h"
#include "enforcement/cgroup/cgroup_access.h"

namespace reeve {
namespace {

// Not "tasks": on v1 every cgroup has a file of that name.
constexpr char kParent[] = "/reeve";
constexpr char kLeaf[] = "/agent";

std::string Directory(const std::string& mount_point,
                      const std::string& cgroup) {
  return absl::StrCat(mount_point, cgroup);
}

}  // namespace

std::string UnifiedCgroupIn(absl::string_view process_cgroups) {
  for (absl::string_view line : absl::StrSplit(process_cgroups, '\n')) {
    if (!absl::ConsumePrefix(&line, "0::")) continue;
    // "/../x" is outside of this cgroup namespace.
    if (absl::StartsWith(line, "/..") || absl::EndsWith(line, " (deleted)")) {
      return "";
    }
    return std::string(line);
  }
  return "";
}

std::optional<std::string> FindDelegation(const std::string& mount_point,
                                          const std::string& own) {
  if (own.empty() || own == "/") return std::nullopt;
  const std::string parent = ParentCgroup(own);
  if (HasDelegateMark(Directory(mount_point, own))) return own;
  if (!parent.empty() && HasDelegateMark(Directory(mount_point, parent))) {
    return parent;
  }
  // Who may write everywhere was not given this cgroup in particular.
  if (IsOurs(mount_point)) return std::nullopt;
  // An agent that was started from the leaf of an earlier one.
  if (absl::EndsWith(own, kLeaf) && !parent.empty() &&
      IsOurs(Directory(mount_point, parent))) {
    return parent;
  }
  if (IsOurs(Directory(mount_point, own))) return own;
  return std::nullopt;
}

AgentPlace ChooseAgentPlace(const std::string& mount_point,
                            const std::string& own,
                            const std::string& requested) {
  AgentPlace place = ChooseAgentPlaceOnV1(requested);
  if (own.empty()) return place;
  if (requested.empty()) {
    const std::optional<std::string> delegated =
        FindDelegation(mount_point, own);
    if (delegated.has_value()) place.parent = absl::StrCat(*delegated, kParent);
  }
  const std::string top = own == "/" ? "" : own;
  if (IsAtOrBelow(place.parent, top) &&
      !IsHierarchyRoot(Directory(mount_point, top))) {
    place.leaf = absl::StrCat(top, kLeaf);
  }
  return place;
}

AgentPlace ChooseAgentPlaceOnV1(const std::string& requested) {
  return {requested.empty() ? kParent : requested, ""};
}

absl::Status EnterLeaf(const std::string& mount_point,
                       const std::string& leaf) {
  const std::string directory = Directory(mount_point, leaf);
  if (mkdir(directory.c_str(), 0755) != 0 && errno != EEXIST) {
    return ErrnoStatus(errno, absl::StrCat("make the cgroup ", directory));
  }
  return WriteFileAt(AT_FDCWD, absl::StrCat(directory, "/cgroup.procs"), "0");
}

}  // namespace reeve
