#ifndef REEVE_ENFORCEMENT_LAUNCH_SECCOMP_FILTERS_H_
#define REEVE_ENFORCEMENT_LAUNCH_SECCOMP_FILTERS_H_

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "enforcement/launch/seccomp_filter.h"

namespace reeve {

using SharedSeccompFilter = std::shared_ptr<const SeccompFilter>;

// The filters of tasks, each compiled when it is first asked for and kept: the
// least recently used go. Ask for the default ahead of the first launch.
// Thread-safe; there is to be one in a process.
class SeccompFilters {
 public:
  static constexpr size_t kMostFilters = 64;
  // Of the profiles that filters are kept of.
  static constexpr size_t kMostBytes = 4 * kMaxSeccompProfileBytes;

  // For a task whose bounding set is `capabilities`, bit N for capability N.
  absl::StatusOr<SharedSeccompFilter> Default(uint64_t capabilities);

  // The same of a profile in JSON. The error is that of ParseSeccompProfile()
  // or CompileSeccompProfile().
  absl::StatusOr<SharedSeccompFilter> OfProfile(absl::string_view json,
                                                uint64_t capabilities);

 private:
  struct Entry {
    // "" is the default.
    std::string json;
    uint64_t capabilities;
    SharedSeccompFilter filter;
  };

  absl::StatusOr<SharedSeccompFilter> Get(absl::string_view json,
                                          uint64_t capabilities);
  SharedSeccompFilter Find(absl::string_view json, uint64_t capabilities);
  void Keep(absl::string_view json, uint64_t capabilities,
            const SharedSeccompFilter& filter);

  // Held while one is compiled.
  absl::Mutex compiling_ ABSL_ACQUIRED_BEFORE(mutex_);
  absl::Mutex mutex_;
  // The most recently used first.
  std::list<Entry> entries_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_SECCOMP_FILTERS_H_
