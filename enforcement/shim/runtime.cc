// The part of the C library that reeve-shim calls, as bare system calls, and
// the start of its process. Debian's C library linked statically would map
// 700 KiB into each shim to do the same. Compiled without the C library's
// headers: these are the declarations, by the names that compiled code calls.
//
// Semantics are those of the C library wherever the shim relies on them: -1 and
// errno on failure. Functions that take a signal set or a resource limit take
// the C library's, whose first bytes are the kernel's.
#include "enforcement/shim/runtime.h"

#include <asm/unistd.h>
#include <linux/fcntl.h>
#include <stdarg.h>
#include <stddef.h>

#if !defined(__x86_64__)
#error "Add system calls and the start of a process for this architecture."
#endif

namespace {

int g_errno;

constexpr int kUnused = 0;
// The kernel's signal set has 64 bits.
constexpr size_t kSignalSetSize = 8;

long Call(long number, long a = 0, long b = 0, long c = 0, long d = 0,
          long e = 0, long f = 0) {
  long result;
  register long fourth asm("r10") = d;
  register long fifth asm("r8") = e;
  register long sixth asm("r9") = f;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth),
                 "r"(sixth)
               : "rcx", "r11", "memory");
  return result;
}

long Address(const void* pointer) { return reinterpret_cast<long>(pointer); }

// Errors of the kernel are -4095 to -1.
long WithErrno(long result) {
  if (result >= 0 || result < -4095) return result;
  g_errno = static_cast<int>(-result);
  return -1;
}

int IntWithErrno(long result) { return static_cast<int>(WithErrno(result)); }

}  // namespace

extern "C" {

// NOLINTNEXTLINE(bugprone-reserved-identifier): the name that errno stands for.
int* __errno_location() { return &g_errno; }

[[noreturn]] void _exit(int code) {
  while (true) Call(__NR_exit_group, code);
}

// What code compiled with a stack protector calls.
// NOLINTNEXTLINE(bugprone-reserved-identifier)
[[noreturn]] void __stack_chk_fail() { _exit(134); }

long read(int fd, void* bytes, size_t size) {
  return WithErrno(
      Call(__NR_read, fd, Address(bytes), static_cast<long>(size)));
}

long write(int fd, const void* bytes, size_t size) {
  return WithErrno(
      Call(__NR_write, fd, Address(bytes), static_cast<long>(size)));
}

long pread(int fd, void* bytes, size_t size, long offset) {
  return WithErrno(
      Call(__NR_pread64, fd, Address(bytes), static_cast<long>(size), offset));
}

long pwrite(int fd, const void* bytes, size_t size, long offset) {
  return WithErrno(
      Call(__NR_pwrite64, fd, Address(bytes), static_cast<long>(size), offset));
}

int openat(int dir_fd, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const int mode = (flags & O_CREAT) != 0 ? va_arg(arguments, int) : kUnused;
  va_end(arguments);
  return IntWithErrno(Call(__NR_openat, dir_fd, Address(path), flags, mode));
}

// Nobody creates a file by it here.
int open(const char* path, int flags, ...) {
  return openat(AT_FDCWD, path, flags & ~O_CREAT);
}

int close(int fd) { return IntWithErrno(Call(__NR_close, fd)); }

int close_range(unsigned first, unsigned last, int flags) {
  return IntWithErrno(Call(__NR_close_range, first, last, flags));
}

int fcntl(int fd, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  const int argument = va_arg(arguments, int);
  va_end(arguments);
  return IntWithErrno(Call(__NR_fcntl, fd, command, argument));
}

int dup2(int from, int to) { return IntWithErrno(Call(__NR_dup2, from, to)); }

int dup3(int from, int to, int flags) {
  return IntWithErrno(Call(__NR_dup3, from, to, flags));
}

int ioctl(int fd, unsigned long request, ...) {
  va_list arguments;
  va_start(arguments, request);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  return IntWithErrno(
      Call(__NR_ioctl, fd, static_cast<long>(request), Address(argument)));
}

int ftruncate(int fd, long size) {
  return IntWithErrno(Call(__NR_ftruncate, fd, size));
}

int accept4(int fd, void* address, void* size, int flags) {
  return IntWithErrno(
      Call(__NR_accept4, fd, Address(address), Address(size), flags));
}

long recvmsg(int fd, void* message, int flags) {
  return WithErrno(Call(__NR_recvmsg, fd, Address(message), flags));
}

int fstat(int fd, void* file) {
  return IntWithErrno(Call(__NR_fstat, fd, Address(file)));
}

int fsync(int fd) { return IntWithErrno(Call(__NR_fsync, fd)); }

int renameat(int from_dir_fd, const char* from, int to_dir_fd, const char* to) {
  return IntWithErrno(
      Call(__NR_renameat, from_dir_fd, Address(from), to_dir_fd, Address(to)));
}

int unlinkat(int dir_fd, const char* path, int flags) {
  return IntWithErrno(Call(__NR_unlinkat, dir_fd, Address(path), flags));
}

int chdir(const char* path) {
  return IntWithErrno(Call(__NR_chdir, Address(path)));
}

char* getcwd(char* path, size_t size) {
  const long result =
      WithErrno(Call(__NR_getcwd, Address(path), static_cast<long>(size)));
  return result < 0 ? nullptr : path;
}

unsigned umask(unsigned mask) {
  return static_cast<unsigned>(Call(__NR_umask, mask));
}

int setpriority(int which, unsigned who, int nice) {
  return IntWithErrno(Call(__NR_setpriority, which, who, nice));
}

void* mmap(void* address, size_t size, int protection, int flags, int fd,
           long offset) {
  // MAP_FAILED is -1.
  // NOLINTNEXTLINE(performance-no-int-to-ptr): what the kernel returns.
  return reinterpret_cast<void*>(
      WithErrno(Call(__NR_mmap, Address(address), static_cast<long>(size),
                     protection, flags, fd, offset)));
}

int munmap(void* address, size_t size) {
  return IntWithErrno(
      Call(__NR_munmap, Address(address), static_cast<long>(size)));
}

int poll(void* fds, unsigned long count, int timeout_ms) {
  return IntWithErrno(
      Call(__NR_poll, Address(fds), static_cast<long>(count), timeout_ms));
}

int kill(int pid, int signal_number) {
  return IntWithErrno(Call(__NR_kill, pid, signal_number));
}

int waitpid(int pid, int* status, int options) {
  return IntWithErrno(Call(__NR_wait4, pid, Address(status), options));
}

// For calls without a function of their own, of up to five arguments.
long syscall(long number, ...) {
  va_list arguments;
  va_start(arguments, number);
  const long first = va_arg(arguments, long);
  const long second = va_arg(arguments, long);
  const long third = va_arg(arguments, long);
  const long fourth = va_arg(arguments, long);
  const long fifth = va_arg(arguments, long);
  va_end(arguments);
  return WithErrno(Call(number, first, second, third, fourth, fifth));
}

int setsid() { return IntWithErrno(Call(__NR_setsid)); }

int setgroups(size_t count, const unsigned* groups) {
  return IntWithErrno(
      Call(__NR_setgroups, static_cast<long>(count), Address(groups)));
}

int setresgid(unsigned real, unsigned effective, unsigned saved) {
  return IntWithErrno(Call(__NR_setresgid, real, effective, saved));
}

int setresuid(unsigned real, unsigned effective, unsigned saved) {
  return IntWithErrno(Call(__NR_setresuid, real, effective, saved));
}

int setrlimit(int resource, const void* limit) {
  return IntWithErrno(Call(__NR_setrlimit, resource, Address(limit)));
}

int getrlimit(int resource, void* limit) {
  return IntWithErrno(Call(__NR_getrlimit, resource, Address(limit)));
}

int prctl(int option, ...) {
  va_list arguments;
  va_start(arguments, option);
  // A number or an address.
  const long argument = va_arg(arguments, long);
  va_end(arguments);
  return IntWithErrno(Call(__NR_prctl, option, argument));
}

int execve(const char* path, char* const* argv, char* const* envp) {
  return IntWithErrno(
      Call(__NR_execve, Address(path), Address(argv), Address(envp)));
}

int clock_gettime(int clock, void* time) {
  return IntWithErrno(Call(__NR_clock_gettime, clock, Address(time)));
}

int nanosleep(const void* time, void* left) {
  return IntWithErrno(Call(__NR_nanosleep, Address(time), Address(left)));
}

int sigemptyset(unsigned long* set) {
  *set = 0;
  return 0;
}

int sigfillset(unsigned long* set) {
  *set = ~0ul;
  return 0;
}

int sigaddset(unsigned long* set, int signal_number) {
  *set |= 1ul << (signal_number - 1);
  return 0;
}

int sigprocmask(int how, const void* set, void* old_set) {
  return IntWithErrno(Call(__NR_rt_sigprocmask, how, Address(set),
                           Address(old_set), kSignalSetSize));
}

int signalfd(int fd, const void* set, int flags) {
  return IntWithErrno(
      Call(__NR_signalfd4, fd, Address(set), kSignalSetSize, flags));
}

// For actions without a handler only: the kernel's structure is laid out
// otherwise, but all zero for SIG_DFL in both.
int sigaction(int signal_number, const void* action, void* old_action) {
  return IntWithErrno(Call(__NR_rt_sigaction, signal_number, Address(action),
                           Address(old_action), kSignalSetSize));
}

void* memset(void* target, int value, size_t size) {
  auto* bytes = static_cast<unsigned char*>(target);
  for (size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<unsigned char>(value);
  return target;
}

void* memcpy(void* target, const void* source, size_t size) {
  auto* to = static_cast<unsigned char*>(target);
  const auto* from = static_cast<const unsigned char*>(source);
  for (size_t i = 0; i < size; ++i) to[i] = from[i];
  return target;
}

int memcmp(const void* left, const void* right, size_t size) {
  const auto* a = static_cast<const unsigned char*>(left);
  const auto* b = static_cast<const unsigned char*>(right);
  for (size_t i = 0; i < size; ++i) {
    if (a[i] != b[i]) return a[i] - b[i];
  }
  return 0;
}

// What Clang calls instead where nobody asks which is the larger.
int bcmp(const void* left, const void* right, size_t size) {
  return memcmp(left, right, size);
}

void* memchr(const void* bytes, int value, size_t size) {
  const auto* byte = static_cast<const unsigned char*>(bytes);
  for (size_t i = 0; i < size; ++i) {
    if (byte[i] == value) return const_cast<unsigned char*>(byte + i);
  }
  return nullptr;
}

size_t strlen(const char* text) {
  size_t size = 0;
  while (text[size] != '\0') ++size;
  return size;
}

}  // extern "C"

namespace {

// Compiled code may look for a canary at an offset of the thread pointer.
alignas(16) char g_thread_block[64];
constexpr int kSetThreadPointer = 0x1002;  // ARCH_SET_FS

}  // namespace

// The kernel leaves argc, argv and envp on the stack.
extern "C" [[noreturn]] void StartProcess(const long* stack) {
  Call(__NR_arch_prctl, kSetThreadPointer, Address(g_thread_block));
  _exit(ShimMain(static_cast<int>(*stack),
                 reinterpret_cast<char**>(const_cast<long*>(stack + 1))));
}

asm(".globl _start\n"
    "_start:\n\t"
    "xor %ebp, %ebp\n\t"
    "mov %rsp, %rdi\n\t"
    "and $-16, %rsp\n\t"
    "call StartProcess\n\t"
    "ud2\n");
