#include "enforcement/cgroup/cpu_ledger.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"

namespace reeve {

absl::StatusOr<CpuList> CpuLedger::Reserve(const std::string& owner,
                                           uint32_t count,
                                           const CpuList& available,
                                           const CpuList& chosen) {
  const CpuList others = ReservedBeside(owner);
  const CpuList unreserved = CpusWithout(available, others);
  const auto had = table_.find(owner);
  const CpuList kept =
      had == table_.end() ? CpuList() : CpusInBoth(had->second, unreserved);
  CpuList free = CpusWithout(CpusWithout(unreserved, chosen), kept);

  const size_t most = unreserved.empty() ? 0 : unreserved.size() - 1;
  const size_t could_be_had = std::min(kept.size() + free.size(), most);
  if (count > could_be_had) {
    return absl::ResourceExhaustedError(absl::StrCat(
        count, " reserved CPUs: ", could_be_had, " of ",
        FormatCpuList(available), " can be had, since tasks have reserved ",
        others.size(), ", chosen ", CpusInBoth(unreserved, chosen).size(),
        " by a cpuset, and one is left to all others"));
  }
  if (count == 0) {
    Release(owner);
    return CpuList();
  }
  CpuList cpus = kept;
  if (cpus.size() > count) {
    cpus.erase(cpus.begin(), cpus.end() - static_cast<ptrdiff_t>(count));
  }
  // The first CPU is the one that a kernel likes best for its own work.
  while (cpus.size() < count) {
    cpus.push_back(free.back());
    free.pop_back();
  }
  std::sort(cpus.begin(), cpus.end());
  table_[owner] = cpus;
  return cpus;
}

absl::Status CpuLedger::Restore(const std::string& owner, const CpuList& cpus,
                                const CpuList& available) {
  absl::Status status = CheckUnreserved(cpus, owner);
  if (!status.ok()) return status;
  const CpuList left =
      CpusWithout(CpusWithout(available, ReservedBeside(owner)), cpus);
  if (cpus.empty() || left.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("CPUs \"", FormatCpuList(cpus), "\" of ",
                     FormatCpuList(available), " are no reservation"));
  }
  table_[owner] = cpus;
  return absl::OkStatus();
}

CpuList CpuLedger::CpusOf(const std::string& owner) const {
  const auto entry = table_.find(owner);
  return entry == table_.end() ? CpuList() : entry->second;
}

CpuList CpuLedger::Pool(const CpuList& available) const {
  return CpusWithout(available, ReservedBeside(""));
}

absl::Status CpuLedger::CheckUnreserved(const CpuList& cpus,
                                        const std::string& asker) const {
  for (const auto& [owner, reserved] : table_) {
    const CpuList both = CpusInBoth(cpus, reserved);
    if (owner == asker || both.empty()) continue;
    return absl::FailedPreconditionError(
        absl::StrCat("CPUs ", FormatCpuList(cpus), ": ", FormatCpuList(both),
                     " is reserved for task ", owner, "; choose others"));
  }
  return absl::OkStatus();
}

CpuList CpuLedger::ReservedBeside(const std::string& owner) const {
  CpuList all;
  for (const auto& [other, cpus] : table_) {
    if (other != owner) all = CpusInEither(all, cpus);
  }
  return all;
}

}  // namespace reeve
