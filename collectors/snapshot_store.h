#ifndef REEVE_COLLECTORS_SNAPSHOT_STORE_H_
#define REEVE_COLLECTORS_SNAPSHOT_STORE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "collectors/snapshot.h"

namespace reeve {

// Hands the newest snapshot from the sampling thread to any number of readers.
// Thread-safe; readers never wait for a sampling round.
class SnapshotStore {
 public:
  void Publish(std::shared_ptr<const Snapshot> snapshot) {
    const uint64_t generation = snapshot->generation;
    {
      absl::MutexLock lock(&mutex_);
      latest_ = std::move(snapshot);
    }
    absl::MutexLock lock(&listener_mutex_);
    for (const auto& listener : listeners_) listener.second(generation);
  }

  // One more who is told of each snapshot, on the sampling thread, which must
  // not be held up. Returns what to remove it by, which is never 0.
  int AddListener(std::function<void(uint64_t generation)> listener) {
    absl::MutexLock lock(&listener_mutex_);
    listeners_.emplace(++last_listener_, std::move(listener));
    return last_listener_;
  }

  // It is not called any more once this has returned. Not to be called by a
  // listener.
  void RemoveListener(int listener) {
    absl::MutexLock lock(&listener_mutex_);
    listeners_.erase(listener);
  }

  // Null until the first Publish().
  std::shared_ptr<const Snapshot> Latest() const {
    absl::MutexLock lock(&mutex_);
    return latest_;
  }

  // A scraper has been given the snapshot of this generation whole. Final
  // values need not be published again once that happened.
  void MarkScraped(uint64_t generation) {
    uint64_t seen = scraped_generation_.load(std::memory_order_relaxed);
    while (seen < generation &&
           !scraped_generation_.compare_exchange_weak(seen, generation)) {
    }
  }

  uint64_t ScrapedGeneration() const { return scraped_generation_.load(); }

 private:
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Snapshot> latest_ ABSL_GUARDED_BY(mutex_);
  std::atomic<uint64_t> scraped_generation_{0};
  absl::Mutex listener_mutex_;
  std::map<int, std::function<void(uint64_t)>> listeners_
      ABSL_GUARDED_BY(listener_mutex_);
  int last_listener_ ABSL_GUARDED_BY(listener_mutex_) = 0;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_SNAPSHOT_STORE_H_
