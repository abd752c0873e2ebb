// Looks into the processes that come to be in its pid namespace after it, and
// prints how often one saw a file by its root, held a descriptor beside its
// streams, or could make any system call: watch_newcomers SECONDS PATH
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace {

constexpr int kDescriptors = 12;
// Between two looks at the clock.
constexpr int kRounds = 500;

bool SawFile(int pid, const char* path) {
  char seen[4096];
  std::snprintf(seen, sizeof(seen), "/proc/%d/root%s", pid, path);
  struct stat info;
  return stat(seen, &info) == 0;
}

bool HeldDescriptor(int pid) {
  for (int fd = 3; fd < kDescriptors; ++fd) {
    char held[64];
    char target[8];
    std::snprintf(held, sizeof(held), "/proc/%d/fd/%d", pid, fd);
    if (readlink(held, target, sizeof(target)) > 0) return true;
    if (errno != ENOENT) return false;
  }
  return false;
}

// Whether it had no filter of system calls.
bool WasUnfiltered(int pid) {
  char path[32];
  std::snprintf(path, sizeof(path), "/proc/%d/status", pid);
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  char text[4096];
  const ssize_t size = read(fd, text, sizeof(text) - 1);
  close(fd);
  text[size < 0 ? 0 : size] = '\0';
  return std::strstr(text, "\nSeccomp:\t0") != nullptr;
}

bool IsThere(int pid) {
  char path[32];
  std::snprintf(path, sizeof(path), "/proc/%d", pid);
  return access(path, F_OK) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const time_t end = std::time(nullptr) + std::atoi(argv[1]);
  int saw_file = 0;
  int held_descriptor = 0;
  int was_unfiltered = 0;
  // Numbers are given in a row: it waits for the next one to be born.
  int next = getpid() + 1;
  while (std::time(nullptr) < end) {
    for (int i = 0; i < kRounds; ++i) {
      if (SawFile(next, argv[2])) ++saw_file;
      if (HeldDescriptor(next)) ++held_descriptor;
      if (WasUnfiltered(next)) ++was_unfiltered;
      if (IsThere(next + 1)) next += 1;
      if (IsThere(next + 2)) next += 2;
    }
  }
  std::printf("saw the file: %d\nheld a descriptor: %d\nunfiltered: %d\n",
              saw_file, held_descriptor, was_unfiltered);
  return 0;
}
