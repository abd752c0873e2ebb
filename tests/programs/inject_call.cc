// Lets another process make a system call, as a debugger can, and prints how
// that ended: inject_call PID NUMBER [ARGUMENT]...
#if !defined(__x86_64__)
#error "Add the registers of this architecture."
#endif

#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

// The kernel's, which a tracer sees of a call that a signal interrupted: -512
// to -516.
constexpr long kNoCall = -1;

[[noreturn]] void Fail(const char* what) {
  std::printf("%s: %s\n", what, strerrorname_np(errno));
  std::exit(1);
}

void Await(pid_t pid) {
  int status = 0;
  if (waitpid(pid, &status, __WALL) != pid || !WIFSTOPPED(status)) {
    std::printf("it did not stop\n");
    std::exit(1);
  }
}

// To the next entry of a call, or the next exit.
void RunToCall(pid_t pid) {
  if (ptrace(PTRACE_SYSCALL, pid, nullptr, nullptr) != 0) Fail("run");
  Await(pid);
}

user_regs_struct RegistersOf(pid_t pid) {
  user_regs_struct registers = {};
  if (ptrace(PTRACE_GETREGS, pid, nullptr, &registers) != 0) Fail("read");
  return registers;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const pid_t pid = std::atoi(argv[1]);
  unsigned long long values[7] = {};
  for (int i = 2; i < argc && i < 9; ++i) {
    values[i - 2] = std::strtoull(argv[i], nullptr, 0);
  }
  if (ptrace(PTRACE_SEIZE, pid, nullptr, nullptr) != 0) Fail("attach");
  if (ptrace(PTRACE_INTERRUPT, pid, nullptr, nullptr) != 0) Fail("interrupt");
  Await(pid);
  // It waits in a call, whose instruction is run again with other registers.
  user_regs_struct registers = RegistersOf(pid);
  registers.rip -= 2;
  registers.rax = values[0];
  registers.orig_rax = static_cast<unsigned long long>(kNoCall);
  registers.rdi = values[1];
  registers.rsi = values[2];
  registers.rdx = values[3];
  registers.r10 = values[4];
  registers.r8 = values[5];
  registers.r9 = values[6];
  if (ptrace(PTRACE_SETREGS, pid, nullptr, &registers) != 0) Fail("write");
  RunToCall(pid);
  RunToCall(pid);
  const auto result = static_cast<long>(RegistersOf(pid).rax);
  if (result < 0 && result > -4096) {
    const char* const name = strerrorname_np(static_cast<int>(-result));
    std::printf("%s\n", name == nullptr ? "?" : name);
  } else {
    std::printf("%ld\n", result);
  }
  return 0;
}
