#ifndef REEVE_COLLECTORS_CGROUPS_CGROUPS_COLLECTOR_H_
#define REEVE_COLLECTORS_CGROUPS_CGROUPS_COLLECTOR_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/kept_file.h"
#include "base/name_filter.h"
#include "collectors/background_collector.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/cgroups/cgroup_census.h"
#include "collectors/cgroups/cgroup_population.h"
#include "collectors/cgroups/cgroup_sampler.h"
#include "collectors/cgroups/cgroups_snapshot.h"
#include "collectors/cgroups/measured_hierarchies.h"
#include "collectors/collector_observer.h"

namespace reeve {

struct CgroupsCollectorOptions {
  NameFilter filter;
  // What is measured at most, so that a host that makes cgroups without end
  // does not take all memory.
  size_t max_cgroups = 10'000;
  // The cgroup that holds those of the tasks: it and those below it are
  // measured as tasks and groups are. "/" and empty stand for none.
  std::string own_parent;
  std::string procfs = "/proc";
};

// Measures the cgroups of the host that others made. Each round finds out which
// there are, by walking the hierarchies: that takes 5 to 20 ms for 10,000, and
// no watch can be missed. A cgroup that was made anew under a path starts anew,
// with other counters.
class CgroupsCollector final : public BackgroundCollector {
 public:
  // How many samples of a cgroup that sleeps follow from the last whole one: of
  // few cgroups, and of more than kFewCgroups, where whole ones are what costs.
  static constexpr size_t kFewCgroups = 2'000;
  static constexpr uint32_t kSkippedOfFew = 5;
  static constexpr uint32_t kSkippedOfMany = 15;

  // `clock` and `observer` must outlive the collector.
  CgroupsCollector(CgroupMounts mounts, CgroupsCollectorOptions options,
                   const Clock& clock, CollectorObserver& observer);

  absl::string_view name() const override { return "cgroups"; }
  void Collect() override;

  // Null before the first round. For any thread.
  std::shared_ptr<const CgroupsSnapshot> Latest() const;

 private:
  struct Waiting {
    CgroupInodes inodes = {};
    absl::Time made_at;
  };

  bool IsWanted(absl::string_view path) const;
  // Takes over what has changed since the round before.
  void FollowChanges();
  void Follow(const CgroupChange& change);
  // Begins to measure those that wait, as far as there is room: those nearest
  // to the root first.
  void Admit();
  void Publish();

  const CgroupsCollectorOptions options_;
  const MeasuredHierarchies hierarchies_;
  const CgroupSampler::Context context_;

  CgroupCensus census_;
  std::vector<CgroupPopulation> populations_;
  // Nobody knows when those were made that the first round finds.
  bool is_first_round_ = true;
  std::map<std::string, CgroupSampler> measured_;
  // Wanted and not measured: since this round, or for want of room.
  absl::flat_hash_map<std::string, Waiting> waiting_;
  ReadBuffer buffer_;

  mutable absl::Mutex mutex_;
  std::shared_ptr<const CgroupsSnapshot> latest_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUPS_CGROUPS_COLLECTOR_H_
