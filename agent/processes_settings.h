#ifndef REEVE_AGENT_PROCESSES_SETTINGS_H_
#define REEVE_AGENT_PROCESSES_SETTINGS_H_

#include <cstddef>
#include <string>

#include "absl/time/time.h"
#include "collectors/processes/processes_options.h"

namespace reeve {

// Whether, how often and how the host's processes are measured.
struct ProcessesSettings {
  bool enabled = false;
  absl::Duration interval = absl::Seconds(5);
  // For groups and for processes each, as many series at most.
  size_t max_series = 20'000;
  // A flag that was given beside the one that enables it; empty if none.
  std::string detail;
  // Its maxima follow from the one above.
  ProcessesOptions options;
};

}  // namespace reeve

#endif  // REEVE_AGENT_PROCESSES_SETTINGS_H_
