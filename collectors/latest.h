#ifndef REEVE_COLLECTORS_LATEST_H_
#define REEVE_COLLECTORS_LATEST_H_

#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace reeve {

// Hands what a collector found last to any number of readers, who never wait
// for a round. Thread-safe.
template <typename Sample>
class Latest {
 public:
  void Publish(std::shared_ptr<const Sample> sample) {
    absl::MutexLock lock(&mutex_);
    // The one before may be the last reference: it is freed without the lock.
    latest_.swap(sample);
  }

  // Null until the first Publish().
  std::shared_ptr<const Sample> Get() const {
    absl::MutexLock lock(&mutex_);
    return latest_;
  }

 private:
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Sample> latest_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_LATEST_H_
