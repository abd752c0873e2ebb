#include "enforcement/shim/spawn_child.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "enforcement/shim/child_setup.h"
#include "enforcement/shim/clone_calls.h"
#include "enforcement/shim/namespaces.h"
#include "enforcement/shim/system_result.h"

namespace reeve {
namespace {

[[noreturn]] void EnterChild(const void* child) {
  RunChild(*static_cast<const ChildPlan*>(child));
}

// Starts one child that makes another, which runs the program. Returns the pid
// of the latter, if that came to it.
pid_t SpawnSibling(const Plan& plan, ChildFailure* shared) {
  pid_t sibling = 0;
  ChildPlan child;
  child.plan = &plan;
  child.failure = shared;
  child.sibling = &sibling;
  const long pid =
      CloneUntilExec(plan, EnterChild, &child, &child.is_in_cgroup);
  if (pid < 0) {
    *shared = {StartStage::kClone, static_cast<int>(-pid)};
    return -1;
  }
  Reap(static_cast<pid_t>(pid));
  if (sibling > 0 && !shared->is_set()) return sibling;
  // Neither: it was killed.
  if (!shared->is_set()) *shared = {StartStage::kClone, ECHILD};
  if (sibling > 0) {
    // Who traced it may have written that it failed.
    kill(sibling, SIGKILL);
    Reap(sibling);
  }
  return -1;
}

pid_t SpawnInTask(const Plan& plan, ChildFailure* failure) {
  void* const memory =
      mmap(nullptr, sizeof(ChildFailure), PROT_READ | PROT_WRITE,
           MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    *failure = {StartStage::kClone, errno};
    return -1;
  }
  auto* const shared = static_cast<ChildFailure*>(memory);
  *shared = {};
  const pid_t pid = SpawnSibling(plan, shared);
  *failure = *shared;
  munmap(memory, sizeof(ChildFailure));
  return pid;
}

}  // namespace

pid_t SpawnChild(const Plan& plan, ChildFailure* failure) {
  if (JoinsRunningTask(plan.header->isolation)) {
    return SpawnInTask(plan, failure);
  }
  const int error = JoinPidNamespace(plan.header->isolation);
  if (error != 0) {
    *failure = {StartStage::kJoinNamespaces, error};
    return -1;
  }
  ChildPlan child;
  child.plan = &plan;
  child.failure = failure;
  const long result =
      CloneUntilExec(plan, EnterChild, &child, &child.is_in_cgroup);
  if (result < 0) {
    *failure = {StartStage::kClone, static_cast<int>(-result)};
    return -1;
  }
  const auto pid = static_cast<pid_t>(result);
  if (!failure->is_set()) return pid;
  Reap(pid);
  return -1;
}

}  // namespace reeve
