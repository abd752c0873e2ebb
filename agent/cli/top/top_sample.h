#ifndef REEVE_AGENT_CLI_TOP_TOP_SAMPLE_H_
#define REEVE_AGENT_CLI_TOP_TOP_SAMPLE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "agent/cli/top/top_entry.h"
#include "collectors/procfs/host_load.h"

namespace reeve {

// One process of the task whose processes are shown.
struct TopProcess {
  int32_t pid = 0;
  // As the process calls itself: anything.
  std::string comm;
  // 100 is one core; absent on the first look.
  std::optional<double> cpu_percent;
  absl::Duration cpu_time;
  uint64_t rss_bytes = 0;
  uint64_t threads = 0;
};

// What one round found.
struct TopSample {
  absl::Time taken_at;
  // Of its rates, those since the round before.
  HostUsage host;
  std::vector<TopEntry> tasks;
  std::vector<TopEntry> groups;
  // Of the task that was asked about, if there are any.
  std::vector<TopProcess> processes;
};

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TOP_TOP_SAMPLE_H_
