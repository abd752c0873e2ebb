#include "enforcement/shim/spawn_child.h"

#include <errno.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace reeve {
namespace {

// clone() and clone3() with both of these are vfork() on a stack of its own:
// the parent goes on when the child has called execve() or is gone.
constexpr uint64_t kSharedUntilExec = CLONE_VM | CLONE_VFORK;

constexpr size_t kStackSize = 16'384;
alignas(16) char g_child_stack[kStackSize];

[[noreturn]] void EnterChild(const ChildPlan* child) { RunChild(*child); }

// A system call that returns twice, the second time on another stack, where
// nothing of this function's frame can be found: the child must not return
// from it, so it calls EnterChild() in the same piece of assembly.
long CloneAndEnter(long number, uint64_t first, uint64_t second,
                   const ChildPlan* child) {
#if defined(__x86_64__)
  long result;
  register uint64_t parent_tid asm("rdx") = 0;
  register uint64_t child_tid asm("r10") = 0;
  register uint64_t tls asm("r8") = 0;
  register const ChildPlan* argument asm("r12") = child;
  register void (*entry)(const ChildPlan*) asm("r13") = EnterChild;
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

// Returns a pid or a negative errno value.
long CloneIntoCgroup(const ChildPlan& child) {
  clone_args args = {};
  args.flags = kSharedUntilExec | CLONE_INTO_CGROUP;
  args.exit_signal = SIGCHLD;
  args.stack = reinterpret_cast<uintptr_t>(g_child_stack);
  args.stack_size = kStackSize;
  args.cgroup = static_cast<uint64_t>(child.plan->header->cgroup_dir_fd);
  return CloneAndEnter(SYS_clone3, reinterpret_cast<uintptr_t>(&args),
                       sizeof(args), &child);
}

long ClonePlainly(const ChildPlan& child) {
  return CloneAndEnter(SYS_clone, kSharedUntilExec | SIGCHLD,
                       reinterpret_cast<uintptr_t>(g_child_stack) + kStackSize,
                       &child);
}

// What kernels before 5.7, and filters of system calls, say.
bool IsNotKnown(long result) {
  return result == -ENOSYS || result == -E2BIG || result == -EINVAL;
}

long Clone(ChildPlan& child) {
  if (child.plan->header->cgroup_dir_fd != kNoFd) {
    child.is_in_cgroup = true;
    const long result = CloneIntoCgroup(child);
    if (!IsNotKnown(result)) return result;
    child.is_in_cgroup = false;
  }
  return ClonePlainly(child);
}

}  // namespace

pid_t SpawnChild(const Plan& plan, ChildFailure* failure) {
  ChildPlan child;
  child.plan = &plan;
  child.failure = failure;
  const long result = Clone(child);
  if (result < 0) {
    failure->stage = StartStage::kClone;
    failure->error_number = static_cast<int>(-result);
    return -1;
  }
  const auto pid = static_cast<pid_t>(result);
  if (failure->stage == StartStage::kNone) return pid;
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return -1;
}

}  // namespace reeve
