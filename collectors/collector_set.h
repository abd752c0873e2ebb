#ifndef REEVE_COLLECTORS_COLLECTOR_SET_H_
#define REEVE_COLLECTORS_COLLECTOR_SET_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace reeve {

// What is measured of each task beyond what always is, which is what most want
// and as much as a Prometheus with many tasks can bear. A collector that is off
// opens no files.
struct CollectorSet {
  bool descriptors = false;
  bool hugetlb = false;
  bool io = false;
  bool memory_stat = false;
  bool network = false;
  bool peaks = false;
  bool pressure = false;
  bool process_states = false;
  bool schedstat = false;

  // Any of those that read files of their own is on.
  bool ReadsMore() const;
};

// One that can be turned on.
struct OptionalCollector {
  // As in the flags --collector.NAME and --no-collector.NAME.
  absl::string_view name;
  // For the help.
  absl::string_view measures;
  bool CollectorSet::*enabled;
};

// All of them, by name.
absl::Span<const OptionalCollector> OptionalCollectors();

}  // namespace reeve

#endif  // REEVE_COLLECTORS_COLLECTOR_SET_H_
