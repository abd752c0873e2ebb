#ifndef REEVE_AGENT_DOCTOR_HOST_CHECK_H_
#define REEVE_AGENT_DOCTOR_HOST_CHECK_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "agent/doctor/finding.h"

namespace reeve {

// `release` as uname(2) gives it: "6.1.0-18-amd64".
Finding CheckKernel(absl::string_view release);

// `status` is PROCFS/self/status of this process, proc(5): its "Uid:" and
// "CapEff:" lines.
Finding CheckPrivileges(absl::string_view status);

// The limit of descriptors, RLIMIT_NOFILE.
Finding CheckOpenFiles(uint64_t soft, uint64_t hard);

// Whether state can be kept in `state_dir`, or the directory be made.
Finding CheckStateDir(const std::string& state_dir);

}  // namespace reeve

#endif  // REEVE_AGENT_DOCTOR_HOST_CHECK_H_
