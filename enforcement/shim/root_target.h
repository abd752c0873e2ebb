#ifndef REEVE_ENFORCEMENT_SHIM_ROOT_TARGET_H_
#define REEVE_ENFORCEMENT_SHIM_ROOT_TARGET_H_

#include <stdint.h>
#include <sys/types.h>

namespace reeve {

// Who gets what is made.
struct Owner {
  uid_t uid;
  gid_t gid;
};

// Opens, as a path alone, what is at `path` inside of the directory `root`. If
// there is nothing, makes it, an empty file or a directory as `target` says
// (kTargetIsFile, kTargetWithoutSymlinks), with the directories above it, of
// mode 0755 or 0644. `path` is absolute and plain. Sets *fd; returns 0 or an
// errno value: EEXIST for a dangling symbolic link.
int OpenTarget(int root, const char* path, uint32_t target, Owner owner,
               int* fd);

// The same for the directory that holds the last component of `path`; sets
// *name to that.
int OpenParent(int root, const char* path, uint32_t target, int* fd,
               const char** name);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_ROOT_TARGET_H_
