#ifndef REEVE_AGENT_HOST_OPTIONS_H_
#define REEVE_AGENT_HOST_OPTIONS_H_

#include <optional>

#include "absl/time/time.h"
#include "base/name_pattern.h"

namespace reeve {

// What is measured of the machine beside the tasks. Patterns that are absent
// are the collectors' defaults, which only they need to have compiled.
struct HostOptions {
  // At the interval of samples.
  bool has_host = false;
  std::optional<NamePattern> disk_exclude;
  std::optional<NamePattern> network_exclude;

  bool has_filesystems = false;
  absl::Duration filesystem_interval = absl::Seconds(30);
  std::optional<NamePattern> filesystem_type_exclude;
  NamePattern mount_exclude;
};

}  // namespace reeve

#endif  // REEVE_AGENT_HOST_OPTIONS_H_
