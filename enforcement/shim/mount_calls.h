#ifndef REEVE_ENFORCEMENT_SHIM_MOUNT_CALLS_H_
#define REEVE_ENFORCEMENT_SHIM_MOUNT_CALLS_H_

#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace reeve {

// The mount interface of Linux 5.12, as bare system calls, since the C library
// has some of them only lately: -1 and errno on failure.

// Of fcntl.h, where it is only for GNU.
constexpr int kEmptyPath = 0x1000;    // AT_EMPTY_PATH
constexpr int kRecursive = 0x8000;    // AT_RECURSIVE
constexpr int kPathOnly = 010000000;  // O_PATH

// A descriptor of what `path` is inside of the directory `root`, whatever
// symbolic links say. See openat2(2).
inline int OpenInRoot(int root, const char* path, int flags,
                      uint64_t resolve = 0) {
  open_how how = {};
  how.flags = static_cast<uint64_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | resolve;
  return static_cast<int>(syscall(SYS_openat2, root, path, &how, sizeof(how)));
}

// A detached copy of the mount at `path`.
inline int CloneTree(int dir_fd, const char* path, int flags) {
  return static_cast<int>(syscall(SYS_open_tree, dir_fd, path,
                                  flags | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC));
}

// Attaches detached mounts at the descriptor `target`.
inline int AttachTree(int tree, int target) {
  return static_cast<int>(
      syscall(SYS_move_mount, tree, "", target, "",
              MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH));
}

inline int SetMountAttributes(int tree, int flags, const mount_attr& attr) {
  return static_cast<int>(syscall(SYS_mount_setattr, tree, "",
                                  flags | kEmptyPath, &attr, sizeof(attr)));
}

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_MOUNT_CALLS_H_
