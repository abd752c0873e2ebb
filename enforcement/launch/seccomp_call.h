#ifndef REEVE_ENFORCEMENT_LAUNCH_SECCOMP_CALL_H_
#define REEVE_ENFORCEMENT_LAUNCH_SECCOMP_CALL_H_

#include <cstdint>
#include <optional>
#include <string>

namespace reeve {

// Architectures are SCMP_ARCH_X86_64, SCMP_ARCH_X86 and SCMP_ARCH_X32 of
// seccomp.h; the first two are AUDIT_ARCH_* as well.

// The number of a system call; negative for one that only others have, and for
// one that SCMP_ARCH_X86 has more than one way to. nullopt for a name that
// neither libseccomp knows nor Linux up to 7.0.
std::optional<int> SeccompCallNumber(const std::string& name,
                                     uint32_t architecture);

// Whether 32-bit programs can make a call through socketcall(2) or ipc(2).
bool IsMultiplexedCall(const std::string& name);

// The highest number of a call that there is a name for. Not for SCMP_ARCH_X32.
uint32_t LastSeccompCall(uint32_t architecture);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_SECCOMP_CALL_H_
