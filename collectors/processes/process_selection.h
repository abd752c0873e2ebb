#ifndef REEVE_COLLECTORS_PROCESSES_PROCESS_SELECTION_H_
#define REEVE_COLLECTORS_PROCESSES_PROCESS_SELECTION_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace reeve {

// What a process is chosen by.
struct ProcessRank {
  // In the last interval.
  uint64_t cpu_ns = 0;
  uint64_t memory_bytes = 0;
};

struct ProcessSelection {
  // Indices of those that are chosen, rising.
  std::vector<size_t> chosen;
  // How many are not, for either reason.
  size_t below_top = 0;
  size_t beyond_most = 0;
};

// Those `top` that used most CPU time and those `top` that have most memory,
// or all if it is 0; of these `most` at most: those that used most CPU time,
// and of equals those with most memory. Of equals in both the first ones.
ProcessSelection SelectProcesses(const std::vector<ProcessRank>& processes,
                                 size_t top, size_t most);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCESSES_PROCESS_SELECTION_H_
