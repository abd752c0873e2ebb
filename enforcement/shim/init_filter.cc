#include "enforcement/shim/init_filter.h"

#include <asm/unistd.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <unistd.h>

#include "enforcement/shim/start_report.h"

namespace reeve {
namespace {

#if defined(__x86_64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#else
#error "Add the name of this architecture."
#endif

constexpr uint16_t kLoad = BPF_LD | BPF_W | BPF_ABS;
constexpr uint16_t kIfEqual = BPF_JMP | BPF_JEQ | BPF_K;
constexpr uint16_t kReturn = BPF_RET | BPF_K;

constexpr sock_filter Load(size_t offset) {
  return {kLoad, 0, 0, static_cast<uint32_t>(offset)};
}

// Goes on behind the next `otherwise` instructions if it is another value.
constexpr sock_filter IfEqual(uint32_t value, uint8_t equal,
                              uint8_t otherwise) {
  return {kIfEqual, equal, otherwise, value};
}

// Each call's number goes to the last instruction, from where it is.
constexpr sock_filter kFilter[] = {
    Load(offsetof(seccomp_data, arch)),
    IfEqual(kArchitecture, 0, 7),
    Load(offsetof(seccomp_data, nr)),
    IfEqual(__NR_rt_sigtimedwait, 6, 0),
    IfEqual(__NR_wait4, 5, 0),
    IfEqual(__NR_exit_group, 4, 0),
    IfEqual(__NR_write, 3, 0),
    IfEqual(__NR_close, 2, 0),
    IfEqual(__NR_close_range, 1, 0),
    {kReturn, 0, 0, SECCOMP_RET_ERRNO | EPERM},
    {kReturn, 0, 0, SECCOMP_RET_ALLOW},
};

}  // namespace

ChildFailure InstallInitFilter() {
  constexpr auto kSize = sizeof(kFilter) / sizeof(kFilter[0]);
  sock_fprog program = {};
  program.len = static_cast<unsigned short>(kSize);
  program.filter = const_cast<sock_filter*>(kFilter);
  const long result =
      syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0L, &program);
  // A kernel that knows no filters has none of the task's to be passed by.
  if (result < 0 && errno != ENOSYS && errno != EINVAL) {
    return {StartStage::kSeccomp, errno};
  }
  return {};
}

}  // namespace reeve
