#ifndef REEVE_COLLECTORS_PROCESSES_PROCESSES_COLLECTOR_H_
#define REEVE_COLLECTORS_PROCESSES_PROCESSES_COLLECTOR_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/node_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/kept_file.h"
#include "collectors/background_collector.h"
#include "collectors/collector_observer.h"
#include "collectors/processes/group_ledger.h"
#include "collectors/processes/group_template.h"
#include "collectors/processes/process_usage.h"
#include "collectors/processes/processes_options.h"
#include "collectors/processes/processes_snapshot.h"
#include "collectors/processes/traits_reader.h"
#include "collectors/processes/usage_reader.h"
#include "collectors/procfs/pid_list.h"
#include "collectors/procfs/pid_stat.h"

namespace reeve {

// Measures the processes of the host, each one and by groups. A round reads one
// file of each process, /proc/PID/stat, and whatever else the options want. A
// process is told by its pid and its start time: if the pid is given out again,
// that is another process, with counters of its own.
class ProcessesCollector final : public BackgroundCollector {
 public:
  static constexpr char kName[] = "processes";

  // `clock` and `observer` must outlive the collector. `task_of_cgroup` is
  // called on the thread of the rounds. Fails if procfs cannot be read.
  static absl::StatusOr<std::unique_ptr<ProcessesCollector>> Open(
      const ProcessesOptions& options, const Clock& clock,
      CollectorObserver& observer, TaskOfCgroup task_of_cgroup);

  absl::string_view name() const override { return kName; }
  void Collect() override;

  // What the last round found; null before the first one. Thread-safe.
  std::shared_ptr<const ProcessesSnapshot> Latest() const
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // What is kept of a process from round to round.
  struct Tracked {
    uint64_t start_time_ticks = 0;
    absl::Time started_at;
    ProcessTraits traits;
    absl::Duration traits_read_at;
    // The filter lets its group through.
    bool is_wanted = false;
    // Null if it is in none.
    GroupLedger::Group* group = nullptr;
    ProcessUsage usage;
    // Up to where its counters are in those of groups.
    ProcessCounters counted;
    uint64_t interval_cpu_ns = 0;
    // The last round that found it.
    uint64_t round = 0;
  };

  ProcessesCollector(const ProcessesOptions& options, PidList list,
                     absl::Time boot_time, const Clock& clock,
                     CollectorObserver& observer, TaskOfCgroup task_of_cgroup);

  void Measure(ProcessesSnapshot& snapshot);
  void Look(pid_t pid);
  Tracked& Track(const PidStat& stat);
  void ReadTraits(const PidStat& stat, Tracked& process);
  void ChooseGroup(Tracked& process);
  void Count(Tracked& process);
  void AddRows(ProcessesSnapshot& snapshot) const;

  const ProcessesOptions options_;
  const absl::Time boot_time_;
  const Clock& clock_;
  CollectorObserver& observer_;

  // The rest up to the mutex belongs to the thread of the rounds. Buffers are
  // kept so that a round need not allocate them.
  PidList list_;
  TraitsReader traits_reader_;
  UsageReader usage_reader_;
  GroupLedger ledger_;
  ReadBuffer buffer_;
  std::vector<pid_t> pids_;
  std::string group_name_;
  absl::node_hash_map<pid_t, Tracked> processes_;
  // Those that this round has found and that are wanted, by pid.
  std::vector<const Tracked*> found_;
  uint64_t round_ = 0;
  absl::Duration now_;
  uint64_t without_group_ = 0;

  mutable absl::Mutex mutex_;
  std::shared_ptr<const ProcessesSnapshot> latest_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCESSES_PROCESSES_COLLECTOR_H_
