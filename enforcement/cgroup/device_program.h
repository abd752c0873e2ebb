#ifndef REEVE_ENFORCEMENT_CGROUP_DEVICE_PROGRAM_H_
#define REEVE_ENFORCEMENT_CGROUP_DEVICE_PROGRAM_H_

#include <linux/bpf.h>

#include <vector>

#include "enforcement/spec/device_access.h"

namespace reeve {

// The BPF program, of the type BPF_PROG_TYPE_CGROUP_DEVICE, that allows what
// one entry of `allowed` allows in whole, and nothing else. The kernel runs it
// on a bpf_cgroup_dev_ctx when a device is opened or made; it returns 1 or 0.
std::vector<bpf_insn> AssembleDeviceProgram(
    const std::vector<DeviceAccess>& allowed);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_DEVICE_PROGRAM_H_
