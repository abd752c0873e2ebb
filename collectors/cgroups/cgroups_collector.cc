#include "collectors/cgroups/cgroups_collector.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace reeve {
namespace {

std::ptrdiff_t DepthOf(const std::string& path) {
  return path == "/" ? 0 : absl::c_count(path, '/');
}

bool IsNearerToTheRoot(const std::string& a, const std::string& b) {
  const std::ptrdiff_t depth_a = DepthOf(a);
  const std::ptrdiff_t depth_b = DepthOf(b);
  return depth_a != depth_b ? depth_a < depth_b : a < b;
}

// It, or below it.
bool IsWithin(absl::string_view path, absl::string_view parent) {
  parent = absl::StripSuffix(parent, "/");
  if (parent.empty() || !absl::ConsumePrefix(&path, parent)) return false;
  return path.empty() || path.front() == '/';
}

}  // namespace

CgroupsCollector::CgroupsCollector(CgroupMounts mounts,
                                   CgroupsCollectorOptions options,
                                   const Clock& clock,
                                   CollectorObserver& observer)
    : options_(std::move(options)),
      hierarchies_(std::move(mounts)),
      context_{clock, observer},
      census_(hierarchies_) {}

void CgroupsCollector::Collect() {
  FollowChanges();
  Admit();
  const uint32_t most_skipped =
      measured_.size() <= kFewCgroups ? kSkippedOfFew : kSkippedOfMany;
  for (auto& [path, sampler] : measured_) sampler.Sample(buffer_, most_skipped);
  Publish();
  is_first_round_ = false;
}

std::shared_ptr<const CgroupsSnapshot> CgroupsCollector::Latest() const {
  absl::MutexLock lock(&mutex_);
  return latest_;
}

bool CgroupsCollector::IsWanted(absl::string_view path) const {
  return !IsWithin(path, options_.own_parent) && options_.filter.Wants(path);
}

void CgroupsCollector::FollowChanges() {
  populations_ = ReadCgroupPopulations(
      hierarchies_.all(), options_.procfs,
      [this](absl::string_view collector, const absl::Status& status) {
        context_.observer.OnError(collector, status);
      });
  const std::vector<CgroupChange> changes =
      census_.Count(populations_, [this](const absl::Status& status) {
        context_.observer.OnError(name(), status);
      });
  for (const CgroupChange& change : changes) {
    if (IsWanted(change.path)) Follow(change);
  }
}

void CgroupsCollector::Follow(const CgroupChange& change) {
  const auto measured = measured_.find(change.path);
  if (change.change == PlaceChange::kMoved && measured != measured_.end()) {
    measured->second.Move(hierarchies_.DirsOf(change.path, change.inodes));
    return;
  }
  if (measured != measured_.end()) measured_.erase(measured);
  if (change.change == PlaceChange::kGone) {
    waiting_.erase(change.path);
    return;
  }
  Waiting& waiting = waiting_[change.path];
  waiting.inodes = change.inodes;
  if (change.change == PlaceChange::kMoved) return;
  waiting.made_at =
      is_first_round_ ? absl::UnixEpoch() : context_.clock.WallNow();
}

void CgroupsCollector::Admit() {
  const size_t room =
      options_.max_cgroups - std::min(options_.max_cgroups, measured_.size());
  if (room == 0 || waiting_.empty()) return;
  std::vector<std::string> paths;
  paths.reserve(waiting_.size());
  for (const auto& [path, inodes] : waiting_) paths.push_back(path);
  absl::c_sort(paths, IsNearerToTheRoot);
  if (paths.size() > room) paths.resize(room);
  for (const std::string& path : paths) {
    const auto waiting = waiting_.find(path);
    measured_.try_emplace(path, path,
                          hierarchies_.DirsOf(path, waiting->second.inodes),
                          waiting->second.made_at, context_);
    waiting_.erase(waiting);
  }
}

void CgroupsCollector::Publish() {
  auto snapshot = std::make_shared<CgroupsSnapshot>();
  snapshot->cgroups.reserve(measured_.size());
  for (const auto& [path, sampler] : measured_) {
    if (sampler.Latest() != nullptr) {
      snapshot->cgroups.push_back(sampler.Latest());
    }
  }
  snapshot->measured = measured_.size();
  snapshot->dropped = waiting_.size();
  snapshot->populations = populations_;
  absl::MutexLock lock(&mutex_);
  latest_ = std::move(snapshot);
}

}  // namespace reeve
