#ifndef REEVE_COLLECTORS_PROCESSES_GROUP_LEDGER_H_
#define REEVE_COLLECTORS_PROCESSES_GROUP_LEDGER_H_

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "collectors/processes/process_usage.h"
#include "collectors/processes/processes_snapshot.h"

namespace reeve {

// What `counters` have grown by since the last call, which `counted` remembers:
// from 0 if there was none. A counter that has gone back has not grown, and
// goes on from there; an absent one leaves what is remembered as it is.
ProcessCounters TakeGrowth(const ProcessCounters& counters,
                           ProcessCounters& counted);

// Adds processes up to groups. What a process used stays in the counters of the
// group it was in at that time, when it ends and when it goes to another, so
// that they never decrease. Thread-compatible.
class GroupLedger {
 public:
  // One line of the ledger.
  class Group;

  // A group without processes is kept for `retention`, or until its place is
  // needed: there are `max_groups` at most.
  GroupLedger(absl::Duration retention, size_t max_groups);
  ~GroupLedger();
  GroupLedger(const GroupLedger&) = delete;
  GroupLedger& operator=(const GroupLedger&) = delete;

  // From here on each process is counted again.
  void BeginRound();

  // The group of this name, which may be a new one. Null if there is no place.
  // It is there as long as each round counts a process in it, from this one on.
  Group* Open(const std::string& name);

  // Counts a process: `growth` of its counters since it was counted before.
  void Count(Group& group, const ProcessUsage& usage, absl::Time started_at,
             const ProcessCounters& growth);

  // Puts all groups, by name, into `rows`, in the place of what it holds.
  // Forgets those that have been empty for long enough. `now` is monotonic.
  void EndRound(absl::Duration now, std::vector<ProcessGroupRow>& rows);

 private:
  using Groups = std::map<std::string, std::unique_ptr<Group>>;

  // False if every group has a process.
  bool MakePlace();

  const absl::Duration retention_;
  const size_t max_groups_;
  Groups groups_;
  // This round has found no place: none becomes free in it.
  bool is_full_ = false;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCESSES_GROUP_LEDGER_H_
