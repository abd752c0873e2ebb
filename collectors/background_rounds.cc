#include "collectors/background_rounds.h"

#include <pthread.h>

#include <ctime>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "collectors/fixed_rate_timer.h"

namespace reeve {
namespace {

// Of a thread's name: Linux' TASK_COMM_LEN without the end.
constexpr size_t kMaxThreadName = 15;

// clock_gettime(2).
absl::Duration ThreadCpuTime() {
  timespec used = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return absl::DurationFromTimespec(used);
}

}  // namespace

struct BackgroundRounds::Shared {
  Shared(std::shared_ptr<BackgroundCollector> measures, absl::Duration interval,
         const Clock& time)
      : collector(std::move(measures)), clock(time), timer(interval) {
    rounds.collector = std::string(collector->name());
  }

  const std::shared_ptr<BackgroundCollector> collector;
  const Clock& clock;
  FixedRateTimer timer;

  absl::Mutex mutex;
  CollectorRounds rounds ABSL_GUARDED_BY(mutex);
  // What the values' age is counted from.
  absl::Duration fresh_at ABSL_GUARDED_BY(mutex);
  // Once it is, nothing of the rounds' owner may be used any more.
  bool is_stopped ABSL_GUARDED_BY(mutex) = false;
  bool has_ended ABSL_GUARDED_BY(mutex) = false;
};

BackgroundRounds::BackgroundRounds(
    std::shared_ptr<BackgroundCollector> collector, absl::Duration interval,
    const Clock& clock)
    : shared_(std::make_shared<Shared>(std::move(collector), interval, clock)) {
}

BackgroundRounds::~BackgroundRounds() { Stop(); }

void BackgroundRounds::Start() {
  {
    absl::MutexLock lock(&shared_->mutex);
    shared_->fresh_at = shared_->clock.MonotonicNow();
  }
  thread_ = std::thread([shared = shared_] { Run(*shared); });
  const std::string name = absl::StrCat("reeve-", shared_->collector->name())
                               .substr(0, kMaxThreadName);
  pthread_setname_np(thread_.native_handle(), name.c_str());
}

void BackgroundRounds::Run(Shared& shared) {
  while (const std::optional<FixedRateTimer::Tick> tick = shared.timer.Wait()) {
    const absl::Duration began = shared.clock.MonotonicNow();
    const absl::Duration cpu_began = ThreadCpuTime();
    shared.collector->Collect();
    absl::MutexLock lock(&shared.mutex);
    if (shared.is_stopped) break;
    ++shared.rounds.rounds;
    shared.rounds.missed += tick->missed;
    shared.rounds.duration += shared.clock.MonotonicNow() - began;
    shared.rounds.cpu_time += ThreadCpuTime() - cpu_began;
    shared.fresh_at = began;
  }
  absl::MutexLock lock(&shared.mutex);
  shared.has_ended = true;
}

void BackgroundRounds::Stop() {
  if (!thread_.joinable()) return;
  shared_->timer.Stop();
  bool has_ended = false;
  {
    absl::MutexLock lock(&shared_->mutex);
    shared_->mutex.AwaitWithTimeout(absl::Condition(&shared_->has_ended),
                                    kPatience);
    shared_->is_stopped = true;
    has_ended = shared_->has_ended;
  }
  if (has_ended) {
    thread_.join();
  } else {
    thread_.detach();
  }
}

CollectorRounds BackgroundRounds::Rounds() const {
  absl::MutexLock lock(&shared_->mutex);
  CollectorRounds rounds = shared_->rounds;
  rounds.age = shared_->clock.MonotonicNow() - shared_->fresh_at;
  return rounds;
}

}  // namespace reeve
