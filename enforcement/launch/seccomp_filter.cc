#include "enforcement/launch/seccomp_filter.h"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <seccomp.h>

#include <cstddef>
#include <iterator>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "enforcement/launch/seccomp_program.h"

namespace reeve {
namespace {

using Program = std::vector<sock_filter>;

// Set in the number of a call of the x32 ABI.
constexpr uint32_t kX32Bit = 0x40000000;

constexpr sock_filter kLoadArchitecture =
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch));
constexpr sock_filter kLoadNumber =
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr));

constexpr sock_filter kIsX86 =
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_I386, 0, 1);
constexpr sock_filter kIsX32 =
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, kX32Bit, 0, 1);

// Adds the program of another architecture for the calls whose `field` meets
// `condition`, a jump by 0 or 1. libseccomp would take several times as long
// for a filter of both.
void Branch(const sock_filter& field, const sock_filter& condition,
            const Program& other, Program* program) {
  const sock_filter branch[] = {
      field, condition,
      BPF_STMT(BPF_JMP | BPF_JA, static_cast<uint32_t>(program->size()))};
  program->insert(program->begin(), std::begin(branch), std::end(branch));
  program->insert(program->end(), other.begin(), other.end());
}

absl::Status CheckSize(const Program& program) {
  if (program.size() <= BPF_MAXINSNS) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("seccomp profile: its filter has ", program.size(),
                   " instructions, and the kernel takes ", BPF_MAXINSNS,
                   ": compare fewer arguments"));
}

}  // namespace

absl::StatusOr<SeccompFilter> CompileSeccompProfile(
    const SeccompProfile& profile, uint64_t capabilities,
    KernelVersion kernel) {
  absl::StatusOr<Program> program =
      CompileSeccompProgram(profile, capabilities, kernel, SCMP_ARCH_X86_64);
  if (!program.ok()) return program.status();
  if (profile.with_x32) {
    const absl::StatusOr<Program> x32 =
        CompileSeccompProgram(profile, capabilities, kernel, SCMP_ARCH_X32);
    if (!x32.ok()) return x32.status();
    Branch(kLoadNumber, kIsX32, *x32, &*program);
  }
  if (profile.with_x86) {
    const absl::StatusOr<Program> x86 =
        CompileSeccompProgram(profile, capabilities, kernel, SCMP_ARCH_X86);
    if (!x86.ok()) return x86.status();
    Branch(kLoadArchitecture, kIsX86, *x86, &*program);
  }
  absl::Status status = CheckSize(*program);
  if (!status.ok()) return status;
  return SeccompFilter{*std::move(program), profile.flags};
}

}  // namespace reeve
