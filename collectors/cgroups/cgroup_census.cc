#include "collectors/cgroups/cgroup_census.h"

#include <cstdint>
#include <string>

#include "collectors/cgroups/cgroup_walk.h"

namespace reeve {

// Of one hierarchy.
class CgroupCensus::Visitor final : public CgroupVisitor {
 public:
  Visitor(absl::flat_hash_map<std::string, Cgroup>& cgroups, size_t hierarchy,
          bool asks_all)
      : cgroups_(cgroups), hierarchy_(hierarchy), asks_all_(asks_all) {}

  bool Visit(absl::string_view path, uint64_t inode) override {
    ++visited_;
    auto found = cgroups_.find(path);
    if (found == cgroups_.end()) {
      found = cgroups_.emplace(std::string(path), Cgroup()).first;
    }
    last_ = &found->second;
    last_->found[hierarchy_] = inode;
    if (last_->inodes[hierarchy_] != inode) last_->is_leaf.reset(hierarchy_);
    return !asks_all_ && last_->is_leaf.test(hierarchy_);
  }

  void Learn(bool may_have_children) override {
    last_->is_leaf.set(hierarchy_, !may_have_children);
  }

  uint64_t visited() const { return visited_; }

 private:
  absl::flat_hash_map<std::string, Cgroup>& cgroups_;
  const size_t hierarchy_;
  const bool asks_all_;
  Cgroup* last_ = nullptr;
  uint64_t visited_ = 0;
};

CgroupCensus::CgroupCensus(const MeasuredHierarchies& hierarchies)
    : hierarchies_(hierarchies), totals_(hierarchies.all().size()) {}

std::vector<CgroupChange> CgroupCensus::Count(
    const std::vector<CgroupPopulation>& populations,
    absl::FunctionRef<void(const absl::Status&)> on_error) {
  for (size_t i = 0; i < totals_.size(); ++i) {
    const absl::Status walked = WalkAsFarAsNeeded(i, populations[i]);
    if (walked.ok()) continue;
    on_error(walked);
    KeepInodes(i);
  }
  return TakeOver();
}

absl::Status CgroupCensus::Walk(size_t i, bool asks_all, uint64_t* visited) {
  Visitor visitor(cgroups_, i, asks_all);
  absl::Status walked =
      WalkCgroups(hierarchies_.all()[i]->mount_point, visitor);
  *visited = visitor.visited();
  return walked;
}

absl::Status CgroupCensus::WalkAsFarAsNeeded(
    size_t i, const CgroupPopulation& population) {
  uint64_t visited = 0;
  const std::optional<uint64_t> expected = Expected(i, population);
  if (expected.has_value()) {
    absl::Status walked = Walk(i, /*asks_all=*/false, &visited);
    if (!walked.ok() || visited == *expected) {
      ++totals_[i].counts_since_all_asked;
      return walked;
    }
  }
  absl::Status walked = Walk(i, /*asks_all=*/true, &visited);
  // Not those of all hierarchies in the same count.
  const bool is_first = !totals_[i].surplus.has_value();
  totals_[i] = Total();
  totals_[i].counts_since_all_asked = is_first ? static_cast<uint32_t>(i) : 0;
  if (walked.ok() && population.all >= visited) {
    totals_[i].surplus = *population.all - visited;
  }
  return walked;
}

std::optional<uint64_t> CgroupCensus::Expected(
    size_t i, const CgroupPopulation& population) const {
  // The kernel does not count the root there.
  if (population.live.has_value()) return *population.live + 1;
  const Total& total = totals_[i];
  if (!total.surplus.has_value() || population.all < total.surplus ||
      total.counts_since_all_asked + 1 >= kAskAllEvery) {
    return std::nullopt;
  }
  return *population.all - *total.surplus;
}

void CgroupCensus::KeepInodes(size_t i) {
  for (auto& [path, cgroup] : cgroups_) {
    if (cgroup.found[i] == 0) cgroup.found[i] = cgroup.inodes[i];
  }
}

std::vector<CgroupChange> CgroupCensus::TakeOver() {
  std::vector<CgroupChange> changes;
  for (auto it = cgroups_.begin(); it != cgroups_.end();) {
    const auto current = it++;
    Cgroup& cgroup = current->second;
    const bool is_new = cgroup.inodes == CgroupInodes();
    const PlaceChange change =
        is_new ? PlaceChange::kNone : ChangeOf(cgroup.inodes, cgroup.found);
    if (is_new || change != PlaceChange::kNone) {
      changes.push_back({current->first, change, cgroup.found});
    }
    if (change == PlaceChange::kGone) {
      cgroups_.erase(current);
      continue;
    }
    cgroup.inodes = cgroup.found;
    cgroup.found = {};
  }
  return changes;
}

}  // namespace reeve
