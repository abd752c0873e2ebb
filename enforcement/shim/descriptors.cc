#include "enforcement/shim/descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/resource.h>
#include <unistd.h>

#include <initializer_list>

namespace reeve {
namespace {

constexpr int kFirstFree = 3;

// Calls visit(fd) for each descriptor of the plan until one returns an error.
template <typename Visit>
int ForEachDescriptor(Plan& plan, Visit visit) {
  PlanHeader& header = *plan.header;
  PlanRelay& relay = header.relay;
  PlanIsolation& isolation = header.isolation;
  int32_t* const fields[] = {
      &header.status_fd,      &header.state_dir_fd,   &header.stdin_fd,
      &header.stdout_fd,      &header.stderr_fd,      &header.cgroup_dir_fd,
      &header.kill_fd,        &header.procs_fd,       &header.freeze_fd,
      &header.tether_fd,      &header.landlock_fd,    &relay.input_fd,
      &relay.output_fds[0],   &relay.output_fds[1],   &relay.terminal_fd,
      &relay.attach_fd,       &relay.client_fds[0],   &relay.client_fds[1],
      &relay.client_fds[2],   &relay.logs[0].file_fd, &relay.logs[0].dir_fd,
      &relay.logs[1].file_fd, &relay.logs[1].dir_fd,  &isolation.root_fd,
      &isolation.network_fd,  &isolation.join_fd,     &isolation.join_root_fd,
  };
  for (int32_t* const field : fields) {
    const int error = *field == kNoFd ? 0 : visit(*field);
    if (error != 0) return error;
  }
  for (uint32_t i = 0; i < header.tasks_fd_count; ++i) {
    const int error = visit(plan.tasks_fds[i]);
    if (error != 0) return error;
  }
  for (uint32_t i = 0; i < header.root_step_count; ++i) {
    int32_t& fd = plan.root_steps[i].fd;
    const int error = fd == kNoFd ? 0 : visit(fd);
    if (error != 0) return error;
  }
  return 0;
}

// Puts it above the standard streams, for good.
int Secure(int32_t& fd) {
  if (fd < kFirstFree) {
    const int moved = fcntl(fd, F_DUPFD_CLOEXEC, kFirstFree);
    if (moved < 0) return errno;
    fd = moved;
    return 0;
  }
  return fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 ? errno : 0;
}

// The smallest descriptor of the plan from `least` on, or -1.
int NextKept(Plan& plan, int least) {
  int next = -1;
  ForEachDescriptor(plan, [&](int fd) {
    if (fd >= least && (next < 0 || fd < next)) next = fd;
    return 0;
  });
  return next;
}

void CloseFrom(int first, int last) {
  if (first > last) return;
  if (close_range(static_cast<unsigned>(first), static_cast<unsigned>(last),
                  0) == 0) {
    return;
  }
  // Kernels before 5.9: one by one, up to the highest there can be.
  rlimit nofile;
  if (getrlimit(RLIMIT_NOFILE, &nofile) != 0) return;
  for (int fd = first; fd <= last && static_cast<rlim_t>(fd) < nofile.rlim_cur;
       ++fd) {
    close(fd);
  }
}

// What a library of the agent opened without close-on-exec must not live on
// here: a listening socket, the write end of a pipe.
void CloseOthers(Plan& plan) {
  int first = kFirstFree;
  while (true) {
    const int kept = NextKept(plan, first);
    CloseFrom(first, kept < 0 ? INT_MAX : kept - 1);
    if (kept < 0) return;
    first = kept + 1;
  }
}

int TakeNullStreams() {
  const int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null_fd < 0) return errno;
  for (int target = 0; target < kFirstFree; ++target) {
    if (null_fd != target && dup2(null_fd, target) < 0) return errno;
  }
  if (null_fd >= kFirstFree) close(null_fd);
  return 0;
}

}  // namespace

int TakeDescriptors(Plan& plan) {
  const int error = ForEachDescriptor(plan, Secure);
  if (error != 0) return error;
  CloseOthers(plan);
  return TakeNullStreams();
}

void CloseStartDescriptors(const Plan& plan) {
  const PlanHeader& header = *plan.header;
  const PlanIsolation& isolation = header.isolation;
  for (const int32_t fd :
       {header.stdin_fd, header.stdout_fd, header.stderr_fd,
        header.cgroup_dir_fd, header.landlock_fd, isolation.root_fd,
        isolation.network_fd, isolation.join_fd, isolation.join_root_fd}) {
    if (fd != kNoFd) close(fd);
  }
  for (uint32_t i = 0; i < header.tasks_fd_count; ++i) {
    close(plan.tasks_fds[i]);
  }
  for (uint32_t i = 0; i < header.root_step_count; ++i) {
    if (plan.root_steps[i].fd != kNoFd) close(plan.root_steps[i].fd);
  }
}

}  // namespace reeve
