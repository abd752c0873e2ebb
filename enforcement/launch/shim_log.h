#ifndef REEVE_ENFORCEMENT_LAUNCH_SHIM_LOG_H_
#define REEVE_ENFORCEMENT_LAUNCH_SHIM_LOG_H_

#include <string>

#include "absl/strings/string_view.h"

namespace reeve {

// The first error in the text of a task's `shim.log`, with errno's text:
// "write exitStatus: No space left on device". "" if there is none.
//
//   {"level":"error","unix_nanos":1800000000000000000,
//    "message":"write exitStatus","errno":28}            (on one line)
std::string FirstShimError(absl::string_view log);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_SHIM_LOG_H_
