#ifndef REEVE_COLLECTORS_CGROUPS_CGROUP_SAMPLER_H_
#define REEVE_COLLECTORS_CGROUPS_CGROUP_SAMPLER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/kept_file.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/cgroup/cgroup_sample.h"
#include "collectors/cgroup_counters.h"
#include "collectors/collector_observer.h"
#include "collectors/cpu_percent_calculator.h"
#include "collectors/snapshot.h"

namespace reeve {

// One cgroup of the host: reads it, and remembers what the next values follow
// from. No file is kept open, for a host may have more cgroups than a process
// may have files, each open file of a cgroup costs the kernel almost 5 KB, and
// those of a removed cgroup would keep it from going. So what is in the files
// is read seldom while the cgroup sleeps. Thread-compatible.
class CgroupSampler {
 public:
  // Limits are read at one of so many samples.
  static constexpr uint32_t kLimitsEvery = 12;

  struct Context {
    const Clock& clock;
    CollectorObserver& observer;
  };

  // `context` must outlive the sampler. `made_at` is UnixEpoch() if nobody
  // knows when the cgroup was made.
  CgroupSampler(const std::string& path, CgroupDirs dirs, absl::Time made_at,
                const Context& context);

  // It is in these hierarchies from now on. Counters go on.
  void Move(CgroupDirs dirs);

  // Takes the next sample. While no CPU time is used, `most_skipped` samples at
  // most follow from the last whole one.
  void Sample(ReadBuffer& buffer, uint32_t most_skipped);

  // Null before the first sample, and if the cgroup had gone at the last one.
  const std::shared_ptr<const TaskSnapshot>& Latest() const { return latest_; }

 private:
  struct Percents {
    CpuPercentCalculator total;
    CpuPercentCalculator user;
    CpuPercentCalculator system;
  };

  // No CPU time was used since the last whole sample.
  bool Slept(ReadBuffer& buffer) const;
  // kNotFound if the cgroup is gone.
  absl::Status ReadWhole(ReadBuffer& buffer, CgroupSample& sample);
  void UpdateLimits(ReadBuffer& buffer);
  // `is_unchanged`: it tells what the last one did, for another interval.
  void Publish(const CgroupSample& sample, bool is_unchanged);
  void OnError(absl::string_view collector, const absl::Status& status) const;

  const Context& context_;
  CgroupDirs dirs_;
  // Tells of the CPU time that was used: cpu.stat, or v1 cpuacct.usage; empty
  // if no hierarchy does.
  std::string usage_file_;
  std::shared_ptr<const TaskTarget> target_;
  // Other cgroups have others, so that not all are read whole in one round.
  const uint32_t phase_;
  uint32_t samples_ = 0;
  uint32_t skipped_ = 0;
  // As the kernel told it.
  CgroupSample last_;
  Percents percents_;
  CgroupCounters counters_;
  std::shared_ptr<const TaskSnapshot> latest_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUPS_CGROUP_SAMPLER_H_
