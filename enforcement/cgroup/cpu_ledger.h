#ifndef REEVE_ENFORCEMENT_CGROUP_CPU_LEDGER_H_
#define REEVE_ENFORCEMENT_CGROUP_CPU_LEDGER_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/cpu_list.h"

namespace reeve {

// Which CPUs are reserved for whom: a table by owner. What is left for all
// others is worked out from the whole table each time, never added to or taken
// from, so that no mistake can stay. Pure: it changes nobody's cpuset. A value;
// thread-compatible.
class CpuLedger {
 public:
  // Gives `owner` exactly `count` CPUs (0 is none) of `available`: first those
  // it has, then those with the highest numbers that nobody has reserved and
  // that are not in `chosen`, which others have chosen for themselves. At least
  // one CPU stays unreserved. Otherwise kResourceExhausted, saying how many
  // could be had, and nothing changes.
  absl::StatusOr<CpuList> Reserve(const std::string& owner, uint32_t count,
                                  const CpuList& available,
                                  const CpuList& chosen);

  // Takes over what `owner` has already. kFailedPrecondition if that is
  // nothing, is another's, or leaves none of `available` to the others.
  absl::Status Restore(const std::string& owner, const CpuList& cpus,
                       const CpuList& available);

  void Release(const std::string& owner) { table_.erase(owner); }

  // What `owner` has; empty if it has nothing.
  CpuList CpusOf(const std::string& owner) const;
  bool Has(const std::string& owner) const { return table_.count(owner) != 0; }
  bool empty() const { return table_.empty(); }

  // Those of `available` that nobody has reserved.
  CpuList Pool(const CpuList& available) const;

  // kFailedPrecondition naming an owner other than `asker` who has reserved one
  // of `cpus`.
  absl::Status CheckUnreserved(const CpuList& cpus,
                               const std::string& asker) const;

 private:
  // Reserved by anybody but `owner`.
  CpuList ReservedBeside(const std::string& owner) const;

  std::map<std::string, CpuList> table_;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_CPU_LEDGER_H_
