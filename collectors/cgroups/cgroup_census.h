#ifndef REEVE_COLLECTORS_CGROUPS_CGROUP_CENSUS_H_
#define REEVE_COLLECTORS_CGROUPS_CGROUP_CENSUS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
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
// Thread-compatible.
class CgroupCensus {
 public:
  // `hierarchies` must outlive the census.
  explicit CgroupCensus(const MeasuredHierarchies& hierarchies)
      : hierarchies_(hierarchies) {}

  // Walks all hierarchies and returns what has changed, all of it the first
  // time. What was there, in a hierarchy that could not be walked whole, is
  // taken to be there still; the error is told to `on_error`.
  std::vector<CgroupChange> Count(
      absl::FunctionRef<void(const absl::Status&)> on_error);

  // Cgroups, each once however many hierarchies it is in; the root is one.
  size_t size() const { return cgroups_.size(); }

 private:
  struct Cgroup {
    CgroupInodes inodes = {};
    CgroupInodes found = {};
  };

  // Finds what was not found in the `i`-th hierarchy where it was before.
  void KeepInodes(size_t i);
  // Compares what was found with what was there, and makes it that.
  std::vector<CgroupChange> TakeOver();

  const MeasuredHierarchies& hierarchies_;
  absl::flat_hash_map<std::string, Cgroup> cgroups_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUPS_CGROUP_CENSUS_H_
