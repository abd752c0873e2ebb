#include "enforcement/shim/privileges.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "enforcement/shim/system_result.h"

namespace reeve {
namespace {

int Control(long option, long first = 0, long second = 0) {
  return Check(syscall(SYS_prctl, option, first, second, 0L, 0L));
}

bool Has(uint64_t set, int capability) { return (set >> capability & 1) != 0; }

int DropFromBounding(uint64_t kept) {
  for (int capability = 0; capability < 64; ++capability) {
    if (Has(kept, capability)) continue;
    const int error = Control(PR_CAPBSET_DROP, capability);
    // One more than the kernel's last.
    if (error == EINVAL) return 0;
    if (error != 0) return error;
  }
  return 0;
}

int SetOwn(const PlanCapabilities& wanted) {
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2];
  for (int i = 0; i < 2; ++i) {
    data[i].effective = static_cast<uint32_t>(wanted.effective >> (32 * i));
    data[i].permitted = data[i].effective;
    data[i].inheritable = static_cast<uint32_t>(wanted.inheritable >> (32 * i));
  }
  return Check(syscall(SYS_capset, &header, data));
}

int RaiseAmbient(uint64_t wanted) {
  int error = Control(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL);
  for (int capability = 0; capability < 64 && error == 0; ++capability) {
    if (!Has(wanted, capability)) continue;
    error = Control(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability);
  }
  return error;
}

int WriteLabel(const char* label) {
  const int fd = open("/proc/thread-self/attr/exec", O_WRONLY | O_CLOEXEC);
  if (fd < 0) return errno;
  const int error = Check(write(fd, label, strlen(label)));
  close(fd);
  return error;
}

}  // namespace

ChildFailure JoinSessionKeyring(const PlanIsolation& isolation) {
  if (isolation.has_session_keyring == 0) return {};
  const int error = Check(
      syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr, 0L, 0L, 0L));
  // A kernel without keys has none to keep apart.
  return FailureOf(StartStage::kKeyring, error == ENOSYS ? 0 : error);
}

ChildFailure BoundCapabilities(const PlanIsolation& isolation) {
  if (isolation.has_capabilities == 0) return {};
  int error = DropFromBounding(isolation.capabilities.bounding);
  if (error == 0) error = Control(PR_SET_KEEPCAPS, 1);
  return FailureOf(StartStage::kCapabilities, error);
}

ChildFailure SetCapabilities(const PlanIsolation& isolation) {
  if (isolation.has_capabilities == 0) return {};
  int error = SetOwn(isolation.capabilities);
  if (error == 0) error = RaiseAmbient(isolation.capabilities.ambient);
  return FailureOf(StartStage::kCapabilities, error);
}

ChildFailure ForgoNewPrivileges() {
  return FailureOf(StartStage::kNoNewPrivileges,
                   Control(PR_SET_NO_NEW_PRIVS, 1));
}

ChildFailure SetLabel(const Plan& plan) {
  if (plan.label[0] == '\0') return {};
  return FailureOf(StartStage::kLabel, WriteLabel(plan.label));
}

ChildFailure InstallFilter(const Plan& plan) {
  const PlanHeader& header = *plan.header;
  if (header.filter_count == 0) return {};
  sock_fprog program = {};
  program.len = static_cast<unsigned short>(header.filter_count);
  program.filter =
      reinterpret_cast<sock_filter*>(const_cast<uint64_t*>(plan.filter));
  return FailureOf(
      StartStage::kSeccomp,
      Check(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                    static_cast<long>(header.isolation.filter_flags),
                    &program)));
}

}  // namespace reeve
