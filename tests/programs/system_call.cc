// Makes system calls and prints how each ended, as the name of its error or as
// its result: system_call NUMBER [ARGUMENT]... [-- NUMBER [ARGUMENT]...]...
//
// An argument is a number, "s:TEXT" for the address of a text, "f:PATH" for a
// descriptor of a file, or the address of something: "z:" of zeros that may be
// written, "v:" of an iovec of one byte, "h:" of a file_handle of inode 2,
// which is the root of many file systems.
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

constexpr int kMaxArguments = 6;
alignas(16) char g_zeros[4096];
iovec g_byte = {g_zeros, 1};

// struct file_handle, with a number and a generation of an inode.
struct {
  unsigned bytes = 8;
  int type = 1;  // FILEID_INO32_GEN
  unsigned inode = 2;
  unsigned generation = 0;
} g_handle;

long Address(const void* pointer) { return reinterpret_cast<long>(pointer); }

long ArgumentOf(const char* text) {
  if (std::strncmp(text, "s:", 2) == 0) return Address(text + 2);
  if (std::strncmp(text, "z:", 2) == 0) return Address(g_zeros);
  if (std::strncmp(text, "v:", 2) == 0) return Address(&g_byte);
  if (std::strncmp(text, "h:", 2) == 0) return Address(&g_handle);
  if (std::strncmp(text, "f:", 2) == 0) {
    const int fd = open(text + 2, O_RDONLY | O_CLOEXEC);
    if (fd < 0) std::printf("open %s: %s ", text + 2, strerrorname_np(errno));
    return fd;
  }
  return static_cast<long>(std::strtoull(text, nullptr, 0));
}

void Call(char** words, int count) {
  long values[1 + kMaxArguments] = {};
  for (int i = 0; i < count; ++i) values[i] = ArgumentOf(words[i]);
  std::memset(g_zeros, 0, sizeof(g_zeros));
  const long result = syscall(values[0], values[1], values[2], values[3],
                              values[4], values[5], values[6]);
  if (result == -1) {
    std::printf("%s\n", strerrorname_np(errno));
  } else {
    std::printf("%ld\n", result);
  }
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  int begin = 1;
  for (int i = 1; i <= argc; ++i) {
    if (i < argc && std::strcmp(argv[i], "--") != 0) continue;
    if (i - begin < 1 || i - begin > 1 + kMaxArguments) {
      std::fprintf(stderr, "%s: give a NUMBER and up to 6 arguments\n",
                   argv[0]);
      return 2;
    }
    Call(argv + begin, i - begin);
    begin = i + 1;
  }
  return 0;
}
