#include "collectors/cgroups/measured_hierarchies.h"

#include <optional>
#include <utility>

#include "absl/algorithm/container.h"

namespace reeve {
namespace {

constexpr const char* kControllers[] = {"cpu", "cpuacct", "memory", "pids"};

}  // namespace

PlaceChange ChangeOf(const CgroupInodes& before, const CgroupInodes& now) {
  PlaceChange change = PlaceChange::kNone;
  bool is_somewhere = false;
  for (size_t i = 0; i < now.size(); ++i) {
    is_somewhere = is_somewhere || now[i] != 0;
    if (before[i] == now[i] || change == PlaceChange::kAnew) continue;
    const bool was_and_is = before[i] != 0 && now[i] != 0;
    change = was_and_is ? PlaceChange::kAnew : PlaceChange::kMoved;
  }
  return is_somewhere ? change : PlaceChange::kGone;
}

MeasuredHierarchies::MeasuredHierarchies(CgroupMounts mounts)
    : mounts_(std::move(mounts)) {
  for (const char* controller : kControllers) Add(mounts_.Find(controller));
  Add(mounts_.Unified());
}

void MeasuredHierarchies::Add(const CgroupHierarchy* hierarchy) {
  if (hierarchy == nullptr || absl::c_linear_search(all_, hierarchy)) return;
  all_.push_back(hierarchy);
}

bool MeasuredHierarchies::Has(const CgroupInodes& inodes,
                              const CgroupHierarchy* hierarchy) const {
  const auto found = absl::c_find(all_, hierarchy);
  return found != all_.end() &&
         inodes[static_cast<size_t>(found - all_.begin())] != 0;
}

CgroupDirs MeasuredHierarchies::DirsOf(absl::string_view path,
                                       const CgroupInodes& inodes) const {
  CgroupDirs dirs = LocateCgroup(mounts_, path);
  const auto keep_if_there = [&](const CgroupHierarchy* hierarchy,
                                 std::optional<CgroupDir>& dir) {
    if (!Has(inodes, hierarchy)) dir.reset();
  };
  keep_if_there(mounts_.Find("cpu"), dirs.cpu);
  keep_if_there(mounts_.Find("cpuacct"), dirs.cpuacct);
  keep_if_there(mounts_.Find("memory"), dirs.memory);
  keep_if_there(mounts_.Find("pids"), dirs.pids);
  keep_if_there(mounts_.Unified(), dirs.unified);
  dirs.cpuset.reset();
  dirs.io.reset();
  dirs.hugetlb.reset();
  return dirs;
}

}  // namespace reeve
