#include "collectors/task_sampler.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/hash/hash.h"

namespace reeve {
namespace {

ProcessSnapshots NoProcesses() {
  static const ProcessSnapshots none =
      std::make_shared<const std::vector<ProcessSnapshot>>();
  return none;
}

std::optional<CpuReading> ReadingOf(const CgroupSample& sample,
                                    std::optional<uint64_t> cpu_ns) {
  if (!cpu_ns.has_value()) return std::nullopt;
  return CpuReading{sample.inode, *cpu_ns, sample.taken_at};
}

std::optional<double> Next(CpuPercentCalculator& calculator,
                           const std::optional<CpuReading>& now) {
  return now.has_value() ? calculator.Update(*now) : std::nullopt;
}

std::optional<double> Between(const CpuPercentCalculator& calculator,
                              const std::optional<CpuReading>& now) {
  return now.has_value() ? calculator.Peek(*now) : std::nullopt;
}

// How far RecentPeaks reach back: as long as most scrapers take to come again,
// and most often several times as long.
constexpr absl::Duration kPeakWindow = absl::Minutes(1);

// Tasks that began in the same round, as after a restart, are not all looked at
// in the same rounds for ever.
uint64_t PhaseOf(const std::string& id) {
  return absl::Hash<std::string>()(id);
}

absl::Duration SomeOf(absl::Duration interval, uint64_t phase) {
  constexpr uint64_t kSteps = 1024;
  return interval * static_cast<double>(phase % kSteps + 1) /
         static_cast<double>(kSteps);
}

}  // namespace

absl::StatusOr<std::unique_ptr<TaskSampler>> TaskSampler::Open(
    TaskTarget target, const SamplingContext& context) {
  absl::StatusOr<CgroupReader> reader =
      CgroupReader::Open(target.cgroup, context.clock);
  if (!reader.ok()) return reader.status();
  auto task = std::make_unique<TaskSampler>(Private(), *std::move(reader),
                                            std::move(target), context);

  absl::MutexLock lock(&task->reading_);
  task->OpenExtra();
  ReadBuffer buffer;
  const std::optional<CgroupSample> sample =
      task->ReadCgroup(&CgroupReader::Read, buffer);
  if (!sample.has_value()) {
    return absl::NotFoundError("the cgroup was removed while it was opened");
  }
  task->Publish(task->Derive(*sample, Next, task->ReadExtra(buffer)));
  return task;
}

TaskSampler::TaskSampler(Private, CgroupReader reader, TaskTarget target,
                         const SamplingContext& context)
    : context_(context),
      phase_(PhaseOf(target.id)),
      reader_(std::move(reader)),
      processes_(NoProcesses()) {
  if (context.collectors.peaks) {
    peaks_ = std::make_unique<PeakWindows>(
        PeakWindows{WindowMaximum<double>(kPeakWindow),
                    WindowMaximum<uint64_t>(kPeakWindow)});
  }
  if (context.process_reader != nullptr && !target.is_group) {
    process_sampler_.emplace(*context.process_reader);
  }
  auto first = std::make_shared<TaskSnapshot>();
  first->target = std::make_shared<const TaskTarget>(std::move(target));
  latest_ = std::move(first);
}

void TaskSampler::Sample(uint64_t round, ReadBuffer& buffer) {
  absl::MutexLock lock(&reading_);
  if (!reader_.has_value()) return;
  const bool has_details = (round + phase_) % context_.detail_rounds == 0;
  const std::optional<CgroupSample> sample = ReadCgroup(
      has_details ? &CgroupReader::ReadChanges : &CgroupReader::ReadQuick,
      buffer);
  if (!sample.has_value()) {
    End();
    return;
  }
  LookAtProcesses(buffer);
  TaskSnapshot snapshot =
      Derive(*sample, Next, has_details ? ReadExtra(buffer) : Latest()->extra);
  snapshot.recent_peaks = UpdatePeaks(snapshot);
  Publish(std::move(snapshot));
}

TaskSnapshot TaskSampler::SampleNow() {
  absl::MutexLock lock(&reading_);
  if (!reader_.has_value()) return *Latest();
  ReadBuffer buffer;
  const std::optional<CgroupSample> sample =
      ReadCgroup(&CgroupReader::Read, buffer);
  if (!sample.has_value()) {
    End();
    return *Latest();
  }
  TaskSnapshot snapshot = Derive(*sample, Between, ReadExtra(buffer));
  snapshot.target = Latest()->target;
  if (process_sampler_.has_value()) {
    snapshot.processes = process_sampler_->Peek(
        snapshot.target->cgroup, buffer,
        [this](absl::string_view collector, const absl::Status& status) {
          OnError(collector, status);
        });
  }
  return snapshot;
}

TaskSnapshot TaskSampler::Finish() {
  absl::MutexLock lock(&reading_);
  if (!reader_.has_value()) return *Latest();
  ReadBuffer buffer;
  const std::optional<CgroupSample> sample =
      ReadCgroup(&CgroupReader::Read, buffer);
  if (sample.has_value()) {
    Publish(Derive(*sample, Between, ReadExtra(buffer)));
  }
  End();
  return *Latest();
}

void TaskSampler::SetLimits(const LimitValues& limits) {
  absl::MutexLock lock(&mutex_);
  TaskTarget target = *latest_->target;
  target.limits = limits;
  SetTarget(std::move(target));
}

void TaskSampler::SetRestarts(uint64_t restarts) {
  absl::MutexLock lock(&mutex_);
  TaskTarget target = *latest_->target;
  target.restarts = restarts;
  SetTarget(std::move(target));
}

void TaskSampler::SetTarget(TaskTarget target) {
  TaskSnapshot snapshot = *latest_;
  snapshot.target = std::make_shared<const TaskTarget>(std::move(target));
  latest_ = std::make_shared<const TaskSnapshot>(std::move(snapshot));
}

void TaskSampler::SetProcesses(const TaskRoots& roots) {
  absl::MutexLock lock(&reading_);
  if (process_sampler_.has_value()) process_sampler_->SetRoots(roots);
  if (extra_ == nullptr) return;
  ReadBuffer buffer;
  extra_->reader.SetMain(
      roots.main, buffer,
      [this](absl::string_view collector, const absl::Status& status) {
        OnError(collector, status);
      });
}

std::shared_ptr<const TaskSnapshot> TaskSampler::Latest() const {
  absl::MutexLock lock(&mutex_);
  return latest_;
}

std::vector<HistoryPoint> TaskSampler::HistoryAfter(absl::Time since) const {
  absl::MutexLock lock(&mutex_);
  return history_.After(since);
}

std::optional<CgroupSample> TaskSampler::ReadCgroup(ReadFunction read,
                                                    ReadBuffer& buffer) {
  CgroupSample sample;
  const absl::Status done = ((*reader_).*read)(
      buffer,
      [this](absl::string_view collector, const absl::Status& status) {
        OnError(collector, status);
      },
      sample);
  // The only error there is: the cgroup is gone.
  if (!done.ok()) return std::nullopt;
  return sample;
}

void TaskSampler::OpenExtra() {
  if (!context_.collectors.ReadsMore()) return;
  const bool has_processes = process_sampler_.has_value();
  extra_ = std::make_unique<Extra>(
      Latest()->target->cgroup, context_.collectors, context_.sysfs,
      has_processes ? context_.process_reader->procfs_fd() : -1);
}

std::shared_ptr<const ExtraSample> TaskSampler::ReadExtra(ReadBuffer& buffer) {
  if (extra_ == nullptr) return nullptr;
  auto sample = std::make_shared<ExtraSample>(extra_->reader.Read(
      buffer, [this](absl::string_view collector, const absl::Status& status) {
        OnError(collector, status);
      }));
  extra_->counters.Update(*sample);
  return sample;
}

RecentPeaks TaskSampler::UpdatePeaks(const TaskSnapshot& snapshot) {
  if (peaks_ == nullptr) return {};
  const absl::Duration now = snapshot.cgroup.taken_at;
  if (snapshot.cpu_percent.has_value()) {
    peaks_->cpu_percent.Add(now, *snapshot.cpu_percent);
  }
  if (snapshot.cgroup.memory_usage_bytes.has_value()) {
    peaks_->memory_bytes.Add(now, *snapshot.cgroup.memory_usage_bytes);
  }
  return {peaks_->cpu_percent.At(now), peaks_->memory_bytes.At(now)};
}

template <typename PercentOf>
TaskSnapshot TaskSampler::Derive(const CgroupSample& sample,
                                 const PercentOf& percent_of,
                                 std::shared_ptr<const ExtraSample> extra) {
  TaskSnapshot snapshot;
  snapshot.taken_at = context_.clock.WallNow();
  snapshot.cpu_percent =
      percent_of(percents_.total, ReadingOf(sample, sample.cpu_usage_ns));
  snapshot.cpu_user_percent =
      percent_of(percents_.user, ReadingOf(sample, sample.cpu_user_ns));
  snapshot.cpu_system_percent =
      percent_of(percents_.system, ReadingOf(sample, sample.cpu_system_ns));
  snapshot.cgroup = counters_.Update(sample);
  snapshot.extra = std::move(extra);
  snapshot.recent_peaks = Latest()->recent_peaks;
  snapshot.processes = processes_;
  if (!context_.cpu_capacity.has_value()) return snapshot;
  if (snapshot.cpu_percent.has_value()) {
    snapshot.cpu_ticks_mhz =
        TicksConsumed(*snapshot.cpu_percent, *context_.cpu_capacity);
  }
  if (snapshot.cgroup.cpu_usage_ns.has_value()) {
    snapshot.cpu_ticks_total =
        TotalTicks(*snapshot.cgroup.cpu_usage_ns, *context_.cpu_capacity);
  }
  return snapshot;
}

void TaskSampler::LookAtProcesses(ReadBuffer& buffer) {
  if (!process_sampler_.has_value()) return;
  const absl::Duration now = context_.clock.MonotonicNow();
  if (next_look_.has_value() && now < *next_look_) return;
  next_look_ = now + (next_look_.has_value()
                          ? context_.process_interval
                          : SomeOf(context_.process_interval, phase_));
  const auto on_error = [this](absl::string_view collector,
                               const absl::Status& status) {
    OnError(collector, status);
  };
  processes_ =
      process_sampler_->Sample(Latest()->target->cgroup, buffer, on_error);
  if (extra_ != nullptr) {
    extra_->reader.Look(*processes_, buffer, on_error);
  }
}

void TaskSampler::End() {
  reader_.reset();
  extra_.reset();
  process_sampler_.reset();
  TaskSnapshot last = *Latest();
  last.is_final = true;
  last.processes = NoProcesses();
  Publish(std::move(last));
}

void TaskSampler::Publish(TaskSnapshot snapshot) {
  auto shared = std::make_shared<TaskSnapshot>(std::move(snapshot));
  absl::MutexLock lock(&mutex_);
  // Another thread may have set limits since the reading began.
  shared->target = latest_->target;
  history_.Append(*shared);
  latest_ = std::move(shared);
}

void TaskSampler::OnError(absl::string_view collector,
                          const absl::Status& status) const {
  context_.observer.OnError(collector, status);
}

}  // namespace reeve
