#ifndef REEVE_ENFORCEMENT_CGROUP_DEVICE_ATTACHMENT_H_
#define REEVE_ENFORCEMENT_CGROUP_DEVICE_ATTACHMENT_H_

#include <linux/bpf.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/unique_fd.h"

namespace reeve {

// Loads a program for devices, bpf(2). kUnimplemented or kPermissionDenied,
// saying what it takes, where that cannot be done; what the verifier has
// against a program is in the error.
absl::StatusOr<UniqueFd> LoadDeviceProgram(
    const std::vector<bpf_insn>& program);

// Has the kernel ask a loaded program about every device that a process of the
// v2 cgroup with the directory `dir_fd`, or of one below, opens or makes, in
// place of the one that was attached by this function before: there is no
// moment between. Those of others and of the cgroups above are asked too. It
// goes with the cgroup. Asks the kernel whether it is there.
absl::Status AttachDeviceProgram(int dir_fd, const UniqueFd& program);

// The line of the verifier's log that tells what is wrong; "" if it has none.
std::string VerifierComplaint(absl::string_view log);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_DEVICE_ATTACHMENT_H_
