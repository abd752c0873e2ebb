#ifndef REEVE_COLLECTORS_CGROUPS_CGROUP_CENSUS_H_
#define REEVE_COLLECTORS_CGROUPS_CGROUP_CENSUS_H_

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "collectors/cgroups/cgroup_population.h"
#include "collectors/cgroups/measured_hierarchies.h"

namespace reeve {

// A cgroup that is not what it was at the count before.
struct CgroupChange {
  std::string path;
  // kNone: it was not there.
  PlaceChange change = PlaceChange::kNone;
  // Where it is now.
  CgroupInodes inodes = {};
};

// Knows which cgroups there are, from one walk of each hierarchy to the next.
//
// What costs most of a walk is to ask each cgroup whether there are others
// below it. So those that had none are not asked as long as the kernel's own
// count says that none was missed: on v2 that is exact. On v1 it counts dying
// ones, too, so that one may be missed if it was made in the same round in
// which a dying one went: there all are asked each few rounds.
// Thread-compatible.
class CgroupCensus {
 public:
  // On v1 all are asked at one of so many counts.
  static constexpr uint32_t kAskAllEvery = 6;

  // `hierarchies` must outlive the census.
  explicit CgroupCensus(const MeasuredHierarchies& hierarchies);

  // Walks all hierarchies and returns what has changed, all of it the first
  // time. `populations` are what the kernel says now, in the order of the
  // hierarchies. What was there, in a hierarchy that could not be walked whole,
  // is taken to be there still; the error is told to `on_error`.
  std::vector<CgroupChange> Count(
      const std::vector<CgroupPopulation>& populations,
      absl::FunctionRef<void(const absl::Status&)> on_error);

  // Cgroups, each once however many hierarchies it is in; the root is one.
  size_t size() const { return cgroups_.size(); }

 private:
  class Visitor;

  struct Cgroup {
    CgroupInodes inodes = {};
    CgroupInodes found = {};
    // By hierarchy: there was none below it when it was asked last.
    std::bitset<kMostHierarchies> is_leaf;
  };

  // What is known of the number of cgroups in one hierarchy.
  struct Total {
    // Of v1: how many more the kernel counted than there were when all were
    // asked; absent before that.
    std::optional<uint64_t> surplus;
    uint32_t counts_since_all_asked = 0;
  };

  // Walks the `i`-th hierarchy; sets how many there are.
  absl::Status Walk(size_t i, bool asks_all, uint64_t* visited);
  absl::Status WalkAsFarAsNeeded(size_t i, const CgroupPopulation& population);
  // How many there are in the `i`-th hierarchy if none is missed; absent if all
  // are to be asked.
  std::optional<uint64_t> Expected(size_t i,
                                   const CgroupPopulation& population) const;
  // Finds what was not found in the `i`-th hierarchy where it was before.
  void KeepInodes(size_t i);
  // Compares what was found with what was there, and makes it that.
  std::vector<CgroupChange> TakeOver();

  const MeasuredHierarchies& hierarchies_;
  std::vector<Total> totals_;
  absl::flat_hash_map<std::string, Cgroup> cgroups_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUPS_CGROUP_CENSUS_H_
