#ifndef REEVE_BASE_KERNEL_VERSION_H_
#define REEVE_BASE_KERNEL_VERSION_H_

#include <optional>
#include <utility>

#include "absl/strings/string_view.h"

namespace reeve {

// {6, 1} is Linux 6.1.
using KernelVersion = std::pair<int, int>;

// The version that a release begins with: "6.1.0-13-amd64", "4.8". nullopt for
// what is none.
std::optional<KernelVersion> ParseKernelVersion(absl::string_view release);

// The one that runs, uname(2); {0, 0} if it does not say.
KernelVersion RunningKernelVersion();

}  // namespace reeve

#endif  // REEVE_BASE_KERNEL_VERSION_H_
