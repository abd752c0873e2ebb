// Takes memory, touches every page of it, says "allocated" and keeps it:
// allocate [--mib 1] [--hold 0] (seconds)
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <ctime>

#include "tests/programs/arguments.h"

int main(int argc, char** argv) {
  const auto bytes =
      static_cast<size_t>(reeve::FlagValue(argc, argv, "--mib", 1) * 1048576);
  const double hold = reeve::FlagValue(argc, argv, "--hold", 0);

  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    std::perror("allocate: mmap");
    return 1;
  }
  std::memset(memory, 1, bytes);
  std::puts("allocated");
  std::fflush(stdout);

  timespec left = {static_cast<time_t>(hold), 0};
  left.tv_nsec =
      static_cast<long>((hold - static_cast<double>(left.tv_sec)) * 1e9);
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
  return 0;
}
