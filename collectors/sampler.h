#ifndef REEVE_COLLECTORS_SAMPLER_H_
#define REEVE_COLLECTORS_SAMPLER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/kept_file.h"
#include "collectors/collector_observer.h"
#include "collectors/collector_set.h"
#include "collectors/fixed_rate_timer.h"
#include "collectors/procfs/process_reader.h"
#include "collectors/sampled_tasks.h"
#include "collectors/snapshot.h"
#include "collectors/snapshot_store.h"
#include "collectors/task_history.h"
#include "collectors/task_sampler.h"
#include "collectors/task_target.h"

namespace reeve {

struct SamplerOptions {
  absl::Duration interval = absl::Seconds(1);
  // How often what costs much is read, where samples come faster: what memory
  // is used for, how often it was short, and what optional collectors read.
  absl::Duration detail_interval = absl::Seconds(1);
  // How often the processes of a task are looked at.
  absl::Duration process_interval = absl::Seconds(5);
  // How long final values are published if nobody scrapes.
  absl::Duration final_retention = absl::Seconds(60);
  std::string procfs = "/proc";
  std::string sysfs = "/sys";
  // Of how many tasks final values are published at most: enough for a hundred
  // ends a second between two scrapes, at some 3 KiB each.
  size_t max_final = 2000;
  // What is measured beyond what always is.
  CollectorSet collectors = {};
};

// Samples every task and every group on one thread and publishes a snapshot a
// round. What is said of tasks below goes for groups. Thread-safe.
class Sampler {
 public:
  // `clock`, `store` and `observer` must outlive the sampler.
  Sampler(const SamplerOptions& options, const Clock& clock,
          SnapshotStore& store, CollectorObserver& observer);
  ~Sampler();
  Sampler(const Sampler&) = delete;
  Sampler& operator=(const Sampler&) = delete;

  // Starts the sampling thread, once; the first round is at once.
  void Start();
  // Ends the sampling thread after the round it is in. For good.
  void Stop();

  // One round, which the sampling thread does at each tick: samples every task
  // and publishes a snapshot. Not while the thread runs.
  void RunRound(FixedRateTimer::Tick tick);

  // Opens the task's cgroup files and takes a first sample, so that a task is
  // in the next snapshot however short it lives. kNotFound if the cgroup is not
  // there, kAlreadyExists if the id is known and not final.
  absl::Status Add(TaskTarget target);

  // Forgets a task without a last sample, as if it had never been added.
  void Drop(const std::string& id);

  // Replaces the limits shown for a task. Nothing if the id is unknown.
  void SetLimits(const std::string& id, const LimitValues& limits);

  void SetRestarts(const std::string& id, uint64_t restarts);

  // Tells which processes a task began with, to find the others by where its
  // cgroup cannot be asked for them. `shim`, the parent of `main` and the
  // subreaper of its descendants, may be unknown: pid 0. Nothing if the id is
  // unknown.
  void SetProcesses(const std::string& id, const ProcessIdentity& main,
                    const ProcessIdentity& shim);

  // Reads a task now, outside the rounds. kNotFound for an unknown id; the last
  // values for a task that is final.
  absl::StatusOr<TaskSnapshot> SampleNow(const std::string& id);

  // The latest samples of a task behind `since`, the oldest first; kept as long
  // as its final values. kNotFound for an unknown id.
  absl::StatusOr<std::vector<HistoryPoint>> HistoryAfter(
      const std::string& id, absl::Time since) const;

  // Takes the last sample of a task that has exited, before its cgroup is
  // removed, and closes its files. The values stay in the snapshots until one
  // with them was scraped, or for SamplerOptions::final_retention.
  absl::StatusOr<TaskSnapshot> TakeFinal(const std::string& id);

 private:
  const Clock& clock_;
  SnapshotStore& store_;
  CollectorObserver& observer_;
  // Absent if /proc cannot be read.
  const std::optional<ProcessReader> process_reader_;
  const SamplingContext context_;
  SampledTasks tasks_;

  // Of the sampling thread. The first two are kept only so that a round need
  // not allocate them.
  ReadBuffer buffer_;
  std::vector<std::shared_ptr<TaskSampler>> running_;
  uint64_t generation_ = 0;

  FixedRateTimer timer_;
  std::thread thread_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_SAMPLER_H_
