#ifndef REEVE_AGENT_CGROUPS_OPTIONS_H_
#define REEVE_AGENT_CGROUPS_OPTIONS_H_

#include <cstddef>

#include "absl/time/time.h"
#include "base/name_filter.h"

namespace reeve {

// What is measured of the cgroups that others made.
struct CgroupsOptions {
  bool is_enabled = false;
  NameFilter filter;
  // Between two rounds; 0: see CgroupsInterval().
  absl::Duration interval;
  size_t max = 10'000;
};

}  // namespace reeve

#endif  // REEVE_AGENT_CGROUPS_OPTIONS_H_
