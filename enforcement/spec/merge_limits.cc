#include "enforcement/spec/merge_limits.h"

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/algorithm/container.h"

namespace reeve {
namespace {

template <typename T>
void Replace(std::optional<T>& limit, const std::optional<T>& update) {
  if (update.has_value()) limit = update;
}

// Entries of a list are told apart by one of their fields.
template <typename Entry, typename Key>
Entry& Find(std::vector<Entry>& entries, Key Entry::*key, const Entry& like) {
  const auto found = absl::c_find_if(
      entries, [&](const Entry& entry) { return entry.*key == like.*key; });
  if (found != entries.end()) return *found;
  entries.emplace_back();
  entries.back().*key = like.*key;
  return entries.back();
}

void MergeMemory(ResourceLimits& limits, const ResourceLimits& update) {
  Replace(limits.memory_bytes, update.memory_bytes);
  Replace(limits.memory_high_bytes, update.memory_high_bytes);
  Replace(limits.memory_low_bytes, update.memory_low_bytes);
  Replace(limits.memory_min_bytes, update.memory_min_bytes);
  Replace(limits.memory_swap_bytes, update.memory_swap_bytes);
  // A memory limit on its own turns swap off.
  if (update.memory_bytes && !update.memory_swap_bytes) {
    limits.memory_swap_bytes.reset();
  }
  Replace(limits.memory_oom_group, update.memory_oom_group);
}

void MergeQuota(std::optional<CpuQuota>& limit,
                const std::optional<CpuQuota>& update) {
  if (!update.has_value()) return;
  std::optional<uint64_t> period = update->period_usec;
  if (!period.has_value() && limit.has_value()) period = limit->period_usec;
  limit = CpuQuota{update->cores, period};
}

void MergeCpu(ResourceLimits& limits, const ResourceLimits& update) {
  Replace(limits.cpu_shares, update.cpu_shares);
  MergeQuota(limits.cpu_quota, update.cpu_quota);
  Replace(limits.cpu_burst_usec, update.cpu_burst_usec);
  Replace(limits.cpu_idle, update.cpu_idle);
  // The kernel forgets the shares of a task that becomes idle.
  if (update.cpu_idle.value_or(false)) limits.cpu_shares.reset();

  Replace(limits.cpuset_cpus, update.cpuset_cpus);
  Replace(limits.cpuset_mems, update.cpuset_mems);
  Replace(limits.reserved_cpus, update.reserved_cpus);
  if (update.cpuset_cpus && !update.reserved_cpus) limits.reserved_cpus.reset();
  // None reserved is no choice of CPUs.
  if (update.reserved_cpus.value_or(0) > 0) limits.cpuset_cpus.reset();
}

void MergeIo(ResourceLimits& limits, const ResourceLimits& update) {
  Replace(limits.io_weight, update.io_weight);
  for (const IoMax& device : update.io_max) {
    IoMax& merged = Find(limits.io_max, &IoMax::device, device);
    Replace(merged.read_bps, device.read_bps);
    Replace(merged.write_bps, device.write_bps);
    Replace(merged.read_iops, device.read_iops);
    Replace(merged.write_iops, device.write_iops);
  }
}

void MergeProcess(ResourceLimits& limits, const ResourceLimits& update) {
  Replace(limits.oom_score_adj, update.oom_score_adj);
  Replace(limits.nice, update.nice);
  Replace(limits.scheduling, update.scheduling);
  for (const Rlimit& rlimit : update.rlimits) {
    Find(limits.rlimits, &Rlimit::resource, rlimit) = rlimit;
  }
}

}  // namespace

ResourceLimits MergeLimits(ResourceLimits limits,
                           const ResourceLimits& update) {
  MergeMemory(limits, update);
  MergeCpu(limits, update);
  Replace(limits.pids, update.pids);
  MergeIo(limits, update);
  for (const HugetlbLimit& hugetlb : update.hugetlb) {
    Find(limits.hugetlb, &HugetlbLimit::page_size, hugetlb) = hugetlb;
  }
  MergeProcess(limits, update);
  return limits;
}

}  // namespace reeve
