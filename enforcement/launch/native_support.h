#ifndef REEVE_ENFORCEMENT_LAUNCH_NATIVE_SUPPORT_H_
#define REEVE_ENFORCEMENT_LAUNCH_NATIVE_SUPPORT_H_

#include "absl/status/status.h"

namespace reeve {

// Whether this process can give tasks a root, namespaces and privileges of
// their own, by what its kernel answers: kPermissionDenied without
// CAP_SYS_ADMIN, kUnimplemented before Linux 5.12, kUnavailable where
// namespaces are turned off. Costs some system calls. Thread-safe.
absl::Status CheckNativeSupport();

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_NATIVE_SUPPORT_H_
