#include "collectors/sampler.h"

#include <pthread.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "collectors/procfs/cpu_capacity_reader.h"

namespace reeve {
namespace {

absl::Status UnknownTask(const std::string& id) {
  return absl::NotFoundError(absl::StrCat("no task ", id, " is measured"));
}

// The value, or the observer is told why there is none.
template <typename T>
std::optional<T> ValueOrTell(absl::StatusOr<T> value,
                             absl::string_view collector,
                             CollectorObserver& observer) {
  if (value.ok()) return *std::move(value);
  observer.OnError(collector, value.status());
  return std::nullopt;
}

// At least one.
uint64_t RoundsPer(absl::Duration interval, absl::Duration round) {
  absl::Duration rest;
  const int64_t rounds = absl::IDivDuration(interval, round, &rest);
  return static_cast<uint64_t>(std::max<int64_t>(rounds, 1));
}

}  // namespace

Sampler::Sampler(const SamplerOptions& options, const Clock& clock,
                 SnapshotStore& store, CollectorObserver& observer)
    : clock_(clock),
      store_(store),
      observer_(observer),
      process_reader_(ValueOrTell(ProcessReader::Open(options.procfs, clock),
                                  "process", observer)),
      context_{clock,
               observer,
               process_reader_.has_value() ? &*process_reader_ : nullptr,
               ValueOrTell(ReadCpuCapacity(options.procfs, options.sysfs),
                           "cpu", observer),
               options.process_interval,
               RoundsPer(options.detail_interval, options.interval),
               options.collectors,
               options.sysfs},
      tasks_(options.final_retention, options.max_final),
      timer_(options.interval) {}

Sampler::~Sampler() { Stop(); }

void Sampler::Start() {
  thread_ = std::thread([this] {
    while (const std::optional<FixedRateTimer::Tick> tick = timer_.Wait()) {
      RunRound(*tick);
    }
  });
  pthread_setname_np(thread_.native_handle(), "reeve-sampler");
}

void Sampler::Stop() {
  timer_.Stop();
  if (thread_.joinable()) thread_.join();
}

void Sampler::RunRound(FixedRateTimer::Tick tick) {
  const absl::Duration began = clock_.MonotonicNow();
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->generation = ++generation_;
  snapshot->taken_at = clock_.WallNow();
  snapshot->taken_at_monotonic = began;

  tasks_.ListRunning(running_);
  const uint64_t sampled = running_.size();
  for (const std::shared_ptr<TaskSampler>& task : running_) {
    task->Sample(generation_, buffer_);
  }
  // A task that is dropped meanwhile must not be kept open until the next
  // round.
  running_.clear();

  tasks_.Collect(store_.ScrapedGeneration(), *snapshot);
  store_.Publish(std::move(snapshot));
  observer_.OnRound(clock_.MonotonicNow() - began, tick.late, sampled,
                    tick.missed);
}

absl::Status Sampler::Add(TaskTarget target) {
  const std::string id = target.id;
  absl::StatusOr<std::unique_ptr<TaskSampler>> task =
      TaskSampler::Open(std::move(target), context_);
  if (!task.ok()) return task.status();
  return tasks_.Add(id, *std::move(task));
}

void Sampler::Drop(const std::string& id) { tasks_.Remove(id); }

void Sampler::SetLimits(const std::string& id, const LimitValues& limits) {
  const std::shared_ptr<TaskSampler> task = tasks_.Find(id);
  if (task != nullptr) task->SetLimits(limits);
}

void Sampler::SetRestarts(const std::string& id, uint64_t restarts) {
  const std::shared_ptr<TaskSampler> task = tasks_.Find(id);
  if (task != nullptr) task->SetRestarts(restarts);
}

void Sampler::SetProcesses(const std::string& id, const ProcessIdentity& main,
                           const ProcessIdentity& shim) {
  const std::shared_ptr<TaskSampler> task = tasks_.Find(id);
  if (task != nullptr) task->SetProcesses({main, shim});
}

absl::StatusOr<TaskSnapshot> Sampler::SampleNow(const std::string& id) {
  const std::shared_ptr<TaskSampler> task = tasks_.Find(id);
  if (task == nullptr) return UnknownTask(id);
  return task->SampleNow();
}

absl::StatusOr<std::vector<HistoryPoint>> Sampler::HistoryAfter(
    const std::string& id, absl::Time since) const {
  const std::shared_ptr<TaskSampler> task = tasks_.Find(id);
  if (task == nullptr) return UnknownTask(id);
  return task->HistoryAfter(since);
}

absl::StatusOr<TaskSnapshot> Sampler::TakeFinal(const std::string& id) {
  const std::shared_ptr<TaskSampler> task = tasks_.Find(id);
  if (task == nullptr) return UnknownTask(id);
  return task->Finish();
}

}  // namespace reeve
