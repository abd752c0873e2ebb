#include "collectors/processes/process_selection.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace reeve {
namespace {

using Indices = std::vector<size_t>;

// Leaves the first `count` by `comes_first`, in no order.
template <typename Order>
void KeepFirst(size_t count, const Order& comes_first, Indices& indices) {
  if (indices.size() <= count) return;
  std::nth_element(indices.begin(),
                   indices.begin() + static_cast<std::ptrdiff_t>(count),
                   indices.end(), comes_first);
  indices.resize(count);
}

}  // namespace

ProcessSelection SelectProcesses(const std::vector<ProcessRank>& processes,
                                 size_t top, size_t most) {
  const auto by_cpu = [&processes](size_t a, size_t b) {
    return std::make_tuple(processes[b].cpu_ns, processes[b].memory_bytes, a) <
           std::make_tuple(processes[a].cpu_ns, processes[a].memory_bytes, b);
  };
  const auto by_memory = [&processes](size_t a, size_t b) {
    return std::make_tuple(processes[b].memory_bytes, processes[b].cpu_ns, a) <
           std::make_tuple(processes[a].memory_bytes, processes[a].cpu_ns, b);
  };
  ProcessSelection selection;
  Indices& chosen = selection.chosen;
  chosen.resize(processes.size());
  std::iota(chosen.begin(), chosen.end(), size_t{0});
  if (top > 0) {
    Indices most_memory = chosen;
    KeepFirst(top, by_cpu, chosen);
    KeepFirst(top, by_memory, most_memory);
    chosen.insert(chosen.end(), most_memory.begin(), most_memory.end());
    std::sort(chosen.begin(), chosen.end());
    chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  }
  selection.below_top = processes.size() - chosen.size();
  const size_t before = chosen.size();
  KeepFirst(most, by_cpu, chosen);
  selection.beyond_most = before - chosen.size();
  std::sort(chosen.begin(), chosen.end());
  return selection;
}

}  // namespace reeve
