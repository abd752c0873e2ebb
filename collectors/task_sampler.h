#ifndef REEVE_COLLECTORS_TASK_SAMPLER_H_
#define REEVE_COLLECTORS_TASK_SAMPLER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/kept_file.h"
#include "collectors/cgroup/cgroup_reader.h"
#include "collectors/cgroup/cgroup_sample.h"
#include "collectors/cgroup/sample_pass.h"
#include "collectors/cgroup_counters.h"
#include "collectors/collector_observer.h"
#include "collectors/collector_set.h"
#include "collectors/cpu_percent_calculator.h"
#include "collectors/cpu_ticks.h"
#include "collectors/extra_counters.h"
#include "collectors/extra_reader.h"
#include "collectors/extra_sample.h"
#include "collectors/process_sampler.h"
#include "collectors/procfs/process_reader.h"
#include "collectors/procfs/process_tree.h"
#include "collectors/snapshot.h"
#include "collectors/task_history.h"
#include "collectors/task_target.h"
#include "collectors/window_maximum.h"

namespace reeve {

// What all tasks are sampled with. All of it must outlive the tasks.
struct SamplingContext {
  const Clock& clock;
  CollectorObserver& observer;
  // Null if /proc cannot be read: tasks then show no processes.
  const ProcessReader* process_reader;
  // Absent if the machine does not tell: tasks then show no ticks.
  std::optional<CpuCapacity> cpu_capacity;
  // How often the processes of a task are looked at.
  absl::Duration process_interval;
  // In every how many-th round what changes slowly, or costs much, is read.
  uint64_t detail_rounds;
  CollectorSet collectors;
  std::string sysfs;
};

// One task: reads its cgroup and its processes, and remembers what the next
// values follow from. Thread-safe; a reading thread does not hold up those who
// only want the latest values.
class TaskSampler {
  // Only Open() can make one, though the constructor is public for make_unique.
  struct Private {
    explicit Private() = default;
  };

 public:
  // Opens the task's files and takes a first sample, of the cgroup alone.
  // kNotFound if the cgroup is not there.
  static absl::StatusOr<std::unique_ptr<TaskSampler>> Open(
      TaskTarget target, const SamplingContext& context);

  TaskSampler(Private, CgroupReader reader, TaskTarget target,
              const SamplingContext& context);

  // Takes the next regular sample, of details in some rounds only; looks at the
  // processes if it is time to. Ends the task quietly if its cgroup has been
  // removed.
  void Sample(uint64_t round, ReadBuffer& buffer);

  // Reads the task now, between two regular samples, which it does not change.
  TaskSnapshot SampleNow();

  // Takes the last sample and closes the files. The values before it are the
  // last if the cgroup has been removed already, or the task has ended before.
  TaskSnapshot Finish();

  void SetLimits(const LimitValues& limits);
  void SetRestarts(uint64_t restarts);

  // See Sampler::SetProcesses().
  void SetProcesses(const TaskRoots& roots);

  // Never null.
  std::shared_ptr<const TaskSnapshot> Latest() const;

  // See TaskHistory::After().
  std::vector<HistoryPoint> HistoryAfter(absl::Time since) const;

  bool IsFinal() const { return Latest()->is_final; }

 private:
  // The three percentages of a task, from its samples.
  struct Percents {
    CpuPercentCalculator total;
    CpuPercentCalculator user;
    CpuPercentCalculator system;
  };

  // What the optional collectors read, and carry on.
  struct Extra {
    Extra(const CgroupDirs& cgroup, const CollectorSet& collectors,
          const std::string& sysfs, int procfs_fd)
        : reader(cgroup, collectors, sysfs, procfs_fd) {}

    ExtraReader reader;
    ExtraCounters counters;
  };

  // Of RecentPeaks.
  struct PeakWindows {
    WindowMaximum<double> cpu_percent;
    WindowMaximum<uint64_t> memory_bytes;
  };

  // By one of CgroupReader's functions. Nullopt if the cgroup is gone.
  using ReadFunction = absl::Status (CgroupReader::*)(ReadBuffer& buffer,
                                                      ReadErrorSink on_error,
                                                      CgroupSample& sample);
  std::optional<CgroupSample> ReadCgroup(ReadFunction read, ReadBuffer& buffer)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(reading_);
  // Prepares for what the optional collectors that are on read.
  void OpenExtra() ABSL_EXCLUSIVE_LOCKS_REQUIRED(reading_);
  // What the optional collectors read now; null if none is on.
  std::shared_ptr<const ExtraSample> ReadExtra(ReadBuffer& buffer)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(reading_);
  RecentPeaks UpdatePeaks(const TaskSnapshot& snapshot)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(reading_);
  // What follows from `sample`, the percentages by `percent_of`, beside
  // `extra`.
  template <typename PercentOf>
  TaskSnapshot Derive(const CgroupSample& sample, const PercentOf& percent_of,
                      std::shared_ptr<const ExtraSample> extra)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(reading_);
  void LookAtProcesses(ReadBuffer& buffer)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(reading_);
  // Makes the last values final ones and closes the files.
  void End() ABSL_EXCLUSIVE_LOCKS_REQUIRED(reading_);
  // What the snapshots from now on are of.
  void SetTarget(TaskTarget target) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Publish(TaskSnapshot snapshot) ABSL_LOCKS_EXCLUDED(mutex_);
  void OnError(absl::string_view collector, const absl::Status& status) const;

  const SamplingContext& context_;
  // Tasks do not all read their details in the same round.
  const uint64_t phase_;

  // Held while files are read. Taken before mutex_.
  absl::Mutex reading_;
  // Absent once the task has ended.
  std::optional<CgroupReader> reader_ ABSL_GUARDED_BY(reading_);
  Percents percents_ ABSL_GUARDED_BY(reading_);
  CgroupCounters counters_ ABSL_GUARDED_BY(reading_);
  // Null if no optional collector is on, and once the task has ended: it is
  // large.
  std::unique_ptr<Extra> extra_ ABSL_GUARDED_BY(reading_);
  // Null if their collector is off.
  std::unique_ptr<PeakWindows> peaks_ ABSL_GUARDED_BY(reading_);
  std::optional<ProcessSampler> process_sampler_ ABSL_GUARDED_BY(reading_);
  ProcessSnapshots processes_ ABSL_GUARDED_BY(reading_);
  // Absent before the first look.
  std::optional<absl::Duration> next_look_ ABSL_GUARDED_BY(reading_);

  mutable absl::Mutex mutex_;
  std::shared_ptr<const TaskSnapshot> latest_ ABSL_GUARDED_BY(mutex_);
  TaskHistory history_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_TASK_SAMPLER_H_
