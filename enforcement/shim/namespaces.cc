#include "enforcement/shim/namespaces.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/sched.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "enforcement/shim/system_result.h"

namespace reeve {
namespace {

constexpr int kInternet = 2;            // AF_INET
constexpr int kDatagrams = 2;           // SOCK_DGRAM
constexpr int kCloseOnExec = 02000000;  // SOCK_CLOEXEC

int BringLoopbackUp() {
  const int fd = static_cast<int>(
      syscall(SYS_socket, kInternet, kDatagrams | kCloseOnExec, 0));
  if (fd < 0) return errno;
  ifreq request = {};
  memcpy(request.ifr_name, "lo", 3);
  int error = Check(ioctl(fd, SIOCGIFFLAGS, &request));
  if (error == 0) {
    request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
    error = Check(ioctl(fd, SIOCSIFFLAGS, &request));
  }
  close(fd);
  return error;
}

ChildFailure FinishNetwork(const PlanIsolation& isolation) {
  if (isolation.network_fd != kNoFd) {
    return FailureOf(
        StartStage::kJoinNetwork,
        Check(syscall(SYS_setns, isolation.network_fd, CLONE_NEWNET)));
  }
  if ((isolation.new_namespaces & CLONE_NEWNET) == 0) return {};
  return FailureOf(StartStage::kLoopback, BringLoopbackUp());
}

// Its root is the cgroup that the process is in by now.
ChildFailure FinishCgroups(const PlanIsolation& isolation) {
  if ((isolation.new_namespaces & CLONE_NEWCGROUP) == 0) return {};
  return FailureOf(StartStage::kCgroupNamespace,
                   Check(syscall(SYS_unshare, CLONE_NEWCGROUP)));
}

}  // namespace

ChildFailure FinishNamespaces(const Plan& plan) {
  const PlanIsolation& isolation = plan.header->isolation;
  ChildFailure failure = FinishCgroups(isolation);
  if (!failure.is_set()) failure = FinishNetwork(isolation);
  if (failure.is_set() || plan.hostname[0] == '\0') return failure;
  return FailureOf(
      StartStage::kHostname,
      Check(syscall(SYS_sethostname, plan.hostname, strlen(plan.hostname))));
}

bool JoinsRunningTask(const PlanIsolation& isolation) {
  // With a first process of reeve's there is no other yet.
  return isolation.join_fd != kNoFd && isolation.has_init == 0 &&
         (isolation.join_namespaces & CLONE_NEWPID) != 0;
}

ChildFailure JoinNamespaces(const PlanIsolation& isolation) {
  if (isolation.join_fd == kNoFd) return {};
  uint32_t joined = isolation.join_namespaces;
  if (!JoinsRunningTask(isolation)) joined &= ~CLONE_NEWPID;
  int error = 0;
  if (joined != 0) error = Check(syscall(SYS_setns, isolation.join_fd, joined));
  if (error == 0 && isolation.join_root_fd != kNoFd) {
    error = Check(syscall(SYS_fchdir, isolation.join_root_fd));
    if (error == 0) error = Check(syscall(SYS_chroot, "."));
  }
  return FailureOf(StartStage::kJoinNamespaces, error);
}

int JoinPidNamespace(const PlanIsolation& isolation) {
  if (isolation.join_fd == kNoFd ||
      (isolation.join_namespaces & CLONE_NEWPID) == 0) {
    return 0;
  }
  return Check(syscall(SYS_setns, isolation.join_fd, CLONE_NEWPID));
}

}  // namespace reeve
