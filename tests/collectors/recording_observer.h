#ifndef REEVE_TESTS_COLLECTORS_RECORDING_OBSERVER_H_
#define REEVE_TESTS_COLLECTORS_RECORDING_OBSERVER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "collectors/collector_observer.h"

namespace reeve {

// Remembers what it is told. Thread-safe.
class RecordingObserver final : public CollectorObserver {
 public:
  struct Round {
    absl::Duration duration;
    uint64_t tasks;
    uint64_t missed;
  };

  void OnRound(absl::Duration duration, absl::Duration /*late*/, uint64_t tasks,
               uint64_t missed) override {
    absl::MutexLock lock(&mutex_);
    rounds_.push_back({duration, tasks, missed});
  }

  void OnError(absl::string_view collector,
               const absl::Status& status) override {
    absl::MutexLock lock(&mutex_);
    errors_.push_back(absl::StrCat(collector, ": ", status.message()));
  }

  std::vector<Round> rounds() const {
    absl::MutexLock lock(&mutex_);
    return rounds_;
  }

  std::vector<std::string> errors() const {
    absl::MutexLock lock(&mutex_);
    return errors_;
  }

 private:
  mutable absl::Mutex mutex_;
  std::vector<Round> rounds_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> errors_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_TESTS_COLLECTORS_RECORDING_OBSERVER_H_
