#ifndef REEVE_BASE_SIGNAL_NAME_H_
#define REEVE_BASE_SIGNAL_NAME_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// The number of a signal given as "SIGTERM", "TERM", "term", "15" or
// "SIGRTMIN+2". kInvalidArgument for anything else.
absl::StatusOr<int> ParseSignal(absl::string_view text);

// "SIGTERM"; the number for a signal without a name.
std::string SignalName(int signal);

}  // namespace reeve

#endif  // REEVE_BASE_SIGNAL_NAME_H_
