#ifndef REEVE_COLLECTORS_CGROUPS_CGROUP_POPULATION_H_
#define REEVE_COLLECTORS_CGROUPS_CGROUP_POPULATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/cgroup/sample_pass.h"

namespace reeve {

// How many cgroups one hierarchy has, as the kernel tells: with those below
// cgroups that are not measured, and without the root on v2. What it does not
// tell is absent.
struct CgroupPopulation {
  // "unified", or the controllers of a v1 hierarchy: "cpu,cpuacct".
  std::string hierarchy;
  // v2 cgroup.stat nr_descendants and nr_dying_descendants: those that are
  // removed and still have memory charged to them.
  std::optional<uint64_t> live;
  std::optional<uint64_t> dying;
  // v1 /proc/cgroups num_cgroups: both together, and the root.
  std::optional<uint64_t> all;
};

// Errors are told to `on_error`. Thread-safe.
std::vector<CgroupPopulation> ReadCgroupPopulations(
    const std::vector<const CgroupHierarchy*>& hierarchies,
    const std::string& procfs, ReadErrorSink on_error);

// Of /proc/cgroups, num_cgroups of one controller; nullopt if it is not in it.
// kDataLoss if its line is not as it should be.
absl::StatusOr<std::optional<uint64_t>> ParseNumCgroups(
    absl::string_view contents, absl::string_view controller);

// The two of cgroup.stat, without a name. What is missing is absent, as before
// Linux 4.14. kDataLoss if one is no number.
absl::StatusOr<CgroupPopulation> ParseCgroupStat(absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUPS_CGROUP_POPULATION_H_
