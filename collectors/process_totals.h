#ifndef REEVE_COLLECTORS_PROCESS_TOTALS_H_
#define REEVE_COLLECTORS_PROCESS_TOTALS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "collectors/snapshot.h"

namespace reeve {

// What the processes of one look amount to.
struct ProcessTotals {
  uint64_t processes = 0;
  // Memory that processes share counts once for each of them.
  uint64_t rss_bytes = 0;
  uint64_t swap_bytes = 0;
  uint64_t threads = 0;
  // Of the processes there are: those that have ended are not in it.
  uint64_t cpu_user_ns = 0;
  uint64_t cpu_system_ns = 0;
  // 100 is one core. The sum over those that have a percentage; absent if none
  // has, as on the first look.
  std::optional<double> cpu_percent;
  std::optional<double> cpu_user_percent;
  std::optional<double> cpu_system_percent;
};

ProcessTotals SumOf(const std::vector<ProcessSnapshot>& processes);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCESS_TOTALS_H_
