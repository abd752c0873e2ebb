#include "enforcement/shim/root_target.h"

#include <errno.h>
#include <limits.h>
#include <linux/stat.h>
#include <string.h>
#include <sys/stat.h>

#include "enforcement/shim/mount_calls.h"
#include "enforcement/shim/plan_format.h"

namespace reeve {
namespace {

constexpr mode_t kDirectoryMode = 0755;
constexpr mode_t kFileMode = 0644;

// Static: the child's stack is small, and there is one child at a time.
char g_path[PATH_MAX];

uint64_t ResolveFlags(uint32_t target) {
  return (target & kTargetWithoutSymlinks) != 0 ? RESOLVE_NO_SYMLINKS : 0;
}

// Makes one component. That it is there already is an error: what was looked
// for and not found is a link to nowhere then.
int Make(int parent, const char* name, bool is_file, Owner owner) {
  if (is_file) {
    const int fd =
        openat(parent, name,
               O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode);
    if (fd < 0) return errno;
    close(fd);
  } else if (syscall(SYS_mkdirat, parent, name, kDirectoryMode) < 0) {
    return errno;
  }
  if (owner.uid == 0 && owner.gid == 0) return 0;
  return syscall(SYS_fchownat, parent, name, owner.uid, owner.gid,
                 AT_SYMLINK_NOFOLLOW) < 0
             ? errno
             : 0;
}

// Opens or makes `path` as far as its component `name`, which ends it.
int Step(int root, int parent, const char* path, const char* name,
         uint32_t target, bool is_file, Owner owner, int* fd) {
  *fd = OpenInRoot(root, path, kPathOnly, ResolveFlags(target));
  if (*fd >= 0) return 0;
  if (errno != ENOENT) return errno;
  const int error = Make(parent, name, is_file, owner);
  if (error != 0) return error;
  *fd = OpenInRoot(root, path, kPathOnly, ResolveFlags(target));
  return *fd < 0 ? errno : 0;
}

// Component by component. `size` is that of the path without NUL.
int Walk(int root, size_t size, uint32_t target, Owner owner, int* fd) {
  int parent = OpenInRoot(root, "/", kPathOnly);
  if (parent < 0) return errno;
  size_t start = 1;
  while (start < size) {
    size_t end = start;
    while (end < size && g_path[end] != '/') ++end;
    g_path[end] = '\0';
    const bool is_file = end == size && (target & kTargetIsFile) != 0;
    int next = kNoFd;
    const int error = Step(root, parent, g_path, g_path + start, target,
                           is_file, owner, &next);
    close(parent);
    if (error != 0) return error;
    if (end < size) g_path[end] = '/';
    parent = next;
    start = end + 1;
  }
  *fd = parent;
  return 0;
}

int Open(int root, const char* path, size_t size, uint32_t target, Owner owner,
         int* fd) {
  if (size >= sizeof(g_path)) return ENAMETOOLONG;
  memcpy(g_path, path, size);
  g_path[size] = '\0';
  // The usual case: it is there.
  *fd = OpenInRoot(root, g_path, kPathOnly, ResolveFlags(target));
  if (*fd >= 0) return 0;
  return errno == ENOENT ? Walk(root, size, target, owner, fd) : errno;
}

}  // namespace

int OpenTarget(int root, const char* path, uint32_t target, Owner owner,
               int* fd) {
  return Open(root, path, strlen(path), target, owner, fd);
}

int OpenParent(int root, const char* path, uint32_t target, int* fd,
               const char** name) {
  size_t end = strlen(path);
  while (end > 0 && path[end - 1] != '/') --end;
  *name = path + end;
  // "/" stays "/".
  const size_t size = end > 1 ? end - 1 : 1;
  return Open(root, path, size, target & ~kTargetIsFile, {0, 0}, fd);
}

}  // namespace reeve
