#include "agent/state/boot_id.h"

#include "absl/base/const_init.h"
#include "absl/synchronization/mutex.h"
#include "base/file.h"

namespace reeve {
namespace {

ABSL_CONST_INIT absl::Mutex mutex(absl::kConstInit);

}  // namespace

absl::StatusOr<std::string> ReadBootId() {
  // Empty until it was read; it is asked for at every launch.
  static auto* const known = new std::string();
  absl::MutexLock lock(&mutex);
  if (known->empty()) {
    absl::StatusOr<std::string> read =
        ReadFile("/proc/sys/kernel/random/boot_id");
    if (!read.ok()) return read.status();
    *known = *std::move(read);
  }
  return *known;
}

}  // namespace reeve
