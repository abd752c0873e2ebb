#include "enforcement/shim/clone_calls.h"

#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace reeve {
namespace {

// clone() and clone3() with both of these are vfork() on a stack of its own:
// the parent goes on when the child has called execve() or is gone.
constexpr uint64_t kSharedUntilExec = CLONE_VM | CLONE_VFORK;

constexpr size_t kStackSize = 32'768;
alignas(16) char g_child_stack[kStackSize];

// A cgroup namespace begins where the process is: too early at its birth.
uint64_t NamespacesAtBirth(const Plan& plan) {
  return plan.header->isolation.new_namespaces & ~uint64_t{CLONE_NEWCGROUP};
}

// A system call that returns twice, the second time on another stack, where
// nothing of this function's frame can be found: the child must not return
// from it, so it calls enter() in the same piece of assembly.
long CloneAndEnter(long number, uint64_t first, uint64_t second,
                   void (*enter)(const void*), const void* child) {
#if defined(__x86_64__)
  long result;
  register uint64_t parent_tid asm("rdx") = 0;
  register uint64_t child_tid asm("r10") = 0;
  register uint64_t tls asm("r8") = 0;
  register const void* argument asm("r12") = child;
  register void (*entry)(const void*) asm("r13") = enter;
  asm volatile(
      "syscall\n\t"
      "test %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "xor %%ebp, %%ebp\n\t"
      "mov %[argument], %%rdi\n\t"
      "call *%[entry]\n\t"
      "ud2\n"
      "1:"
      : "=a"(result)
      : "a"(number), "D"(first), "S"(second), "r"(parent_tid), "r"(child_tid),
        "r"(tls), [argument] "r"(argument), [entry] "r"(entry)
      : "rcx", "r11", "cc", "memory");
  return result;
#else
#error "Add clone(2) for this architecture."
#endif
}

clone_args IntoCgroup(const Plan& plan, uint64_t flags) {
  clone_args args = {};
  args.flags = flags | NamespacesAtBirth(plan) | CLONE_INTO_CGROUP;
  args.exit_signal = SIGCHLD;
  args.cgroup = static_cast<uint64_t>(plan.header->cgroup_dir_fd);
  return args;
}

// What kernels before 5.7, and filters of system calls, say.
bool IsNotKnown(long result) {
  return result == -ENOSYS || result == -E2BIG || result == -EINVAL;
}

// Into the cgroup if there is one and that works, or else plainly.
template <typename Into, typename Plainly>
long Clone(const Plan& plan, bool* is_in_cgroup, Into into, Plainly plainly) {
  if (plan.header->cgroup_dir_fd != kNoFd) {
    *is_in_cgroup = true;
    const long result = into();
    if (!IsNotKnown(result)) return result;
    *is_in_cgroup = false;
  }
  return plainly();
}

long OrErrno(long result) { return result < 0 ? -errno : result; }

}  // namespace

long Fork(const Plan& plan, bool* is_in_cgroup) {
  return Clone(
      plan, is_in_cgroup,
      [&plan] {
        clone_args args = IntoCgroup(plan, 0);
        return OrErrno(syscall(SYS_clone3, &args, sizeof(args)));
      },
      [&plan] {
        return OrErrno(
            syscall(SYS_clone, NamespacesAtBirth(plan) | SIGCHLD, 0L, 0L, 0L));
      });
}

long CloneUntilExec(const Plan& plan, void (*enter)(const void*),
                    const void* argument, bool* is_in_cgroup) {
  return Clone(
      plan, is_in_cgroup,
      [&] {
        clone_args args = IntoCgroup(plan, kSharedUntilExec);
        args.stack = reinterpret_cast<uintptr_t>(g_child_stack);
        args.stack_size = kStackSize;
        return CloneAndEnter(SYS_clone3, reinterpret_cast<uintptr_t>(&args),
                             sizeof(args), enter, argument);
      },
      [&] {
        return CloneAndEnter(
            SYS_clone, kSharedUntilExec | NamespacesAtBirth(plan) | SIGCHLD,
            reinterpret_cast<uintptr_t>(g_child_stack) + kStackSize, enter,
            argument);
      });
}

}  // namespace reeve
