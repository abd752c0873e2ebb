#ifndef REEVE_AGENT_STATE_BOOT_ID_H_
#define REEVE_AGENT_STATE_BOOT_ID_H_

#include <string>

#include "absl/status/statusor.h"

namespace reeve {

// What the kernel calls the time since the machine booted, with a newline. It
// is read once. Thread-safe.
absl::StatusOr<std::string> ReadBootId();

}  // namespace reeve

#endif  // REEVE_AGENT_STATE_BOOT_ID_H_
