// Goes up from its root as far as there is one, out of a chroot(2) by means of
// a second one if need be, and prints whether a file can be seen from there:
// leave_root PATH
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

namespace {

constexpr int kDepth = 64;

bool Sees(const char* path) {
  struct stat info;
  return stat(path, &info) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const int outside = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  mkdir("/tmp/inner", 0755);
  if (chroot("/tmp/inner") != 0) std::perror("chroot");
  // The working directory is outside of the root now, where ".." has no end.
  if (outside < 0 || fchdir(outside) != 0) std::perror("fchdir");
  for (int i = 0; i < kDepth; ++i) {
    if (chdir("..") != 0) std::perror("chdir");
  }
  if (chroot(".") != 0) std::perror("chroot");
  std::puts(Sees(argv[1]) ? "out" : "in");
  return 0;
}
