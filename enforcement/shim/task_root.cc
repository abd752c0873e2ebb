#include "enforcement/shim/task_root.h"

#include <errno.h>
#include <linux/landlock.h>
#include <string.h>
#include <sys/stat.h>

#include "enforcement/shim/mount_calls.h"
#include "enforcement/shim/new_filesystem.h"
#include "enforcement/shim/root_target.h"
#include "enforcement/shim/system_result.h"

namespace reeve {
namespace {

// Of sys/mount.h, which does not go together with linux/mount.h.
constexpr int kDetach = 2;  // MNT_DETACH

// Each returns 0 or an errno value.

int Closing(int fd, int error) {
  close(fd);
  return error;
}

// What is mounted later on the host is seen where the host's root is kept, but
// never the other way round.
int SeparateMounts(RootKind kind) {
  const unsigned long propagation =
      kind == RootKind::kHost ? MS_SLAVE : MS_PRIVATE;
  return Check(syscall(SYS_mount, "none", "/", nullptr, MS_REC | propagation));
}

// Over the present root, which goes with pivot_root(): no place for it has to
// be there in advance.
int AttachRoot(int tree) {
  const int present = open("/", kPathOnly | O_DIRECTORY | O_CLOEXEC);
  if (present < 0) return errno;
  return Closing(present, Check(AttachTree(tree, present)));
}

// A directory goes on a directory, and a file on a file: the kernel says EINVAL
// otherwise, as it does of much else.
int CheckKind(int fd, uint32_t target) {
  struct stat info;
  if (fstat(fd, &info) != 0) return errno;
  const bool is_file = (target & kTargetIsFile) != 0;
  if (S_ISDIR(info.st_mode) != is_file) return 0;
  return is_file ? EISDIR : ENOTDIR;
}

int MountTree(int root, const PlanRootStep& step, const char* target) {
  int fd = kNoFd;
  int error = OpenTarget(root, target, step.target, {0, 0}, &fd);
  if (error != 0) return error;
  error = CheckKind(fd, step.target);
  if (error == 0) error = Check(AttachTree(step.fd, fd));
  return Closing(fd, error);
}

int MountFilesystem(int root, const PlanRootStep& step, const char* target,
                    const char* text) {
  int fd = kNoFd;
  int error = OpenTarget(root, target, step.target, {0, 0}, &fd);
  if (error != 0) return error;
  int tree = kNoFd;
  error = NewFilesystem(text, step.attributes, &tree);
  if (error != 0) return Closing(fd, error);
  return Closing(fd, Closing(tree, Check(AttachTree(tree, fd))));
}

// The directory that a file is made in, kept for the next one, which most often
// is made in the same: /dev has all but a few of them.
class ParentDirectory {
 public:
  ParentDirectory() = default;
  ~ParentDirectory() { Forget(); }
  ParentDirectory(const ParentDirectory&) = delete;
  ParentDirectory& operator=(const ParentDirectory&) = delete;

  // Sets *fd to the directory of `target`, which stays this object's, and *name
  // to the last part of it.
  int Open(int root, uint32_t flags, const char* target, int* fd,
           const char** name) {
    if (fd_ != kNoFd && flags == flags_ && HasSameParent(target, target_)) {
      *name = target + ParentSize(target);
      *fd = fd_;
      return 0;
    }
    Forget();
    const int error = OpenParent(root, target, flags, &fd_, name);
    if (error != 0) return error;
    target_ = target;
    flags_ = flags;
    *fd = fd_;
    return 0;
  }

  // What is mounted meanwhile may be on the way to it.
  void Forget() {
    if (fd_ != kNoFd) close(fd_);
    fd_ = kNoFd;
  }

 private:
  // With the last slash.
  static size_t ParentSize(const char* path) {
    size_t size = strlen(path);
    while (path[size - 1] != '/') --size;
    return size;
  }

  static bool HasSameParent(const char* a, const char* b) {
    const size_t size = ParentSize(a);
    return size == ParentSize(b) && memcmp(a, b, size) == 0;
  }

  int fd_ = kNoFd;
  uint32_t flags_ = 0;
  const char* target_ = nullptr;
};

int MakeDevice(int root, const PlanRootStep& step, const char* target,
               ParentDirectory& directory) {
  int parent = kNoFd;
  const char* name = nullptr;
  int error = directory.Open(root, step.target, target, &parent, &name);
  if (error != 0) return error;
  error = Check(syscall(SYS_mknodat, parent, name, step.mode, step.device));
  if (error == 0 && (step.uid != 0 || step.gid != 0)) {
    error = Check(syscall(SYS_fchownat, parent, name, step.uid, step.gid,
                          AT_SYMLINK_NOFOLLOW));
  }
  return error;
}

int MakeSymlink(int root, const PlanRootStep& step, const char* target,
                const char* text, ParentDirectory& directory) {
  int parent = kNoFd;
  const char* name = nullptr;
  int error = directory.Open(root, step.target, target, &parent, &name);
  if (error != 0) return error;
  error = Check(syscall(SYS_symlinkat, text, parent, name));
  return error == EEXIST ? 0 : error;
}

int MakeDirectory(int root, const PlanRootStep& step, const char* target) {
  int fd = kNoFd;
  const int error =
      OpenTarget(root, target, step.target, {step.uid, step.gid}, &fd);
  return error != 0 ? error : Closing(fd, 0);
}

// A path that may well not be there, of kMask and kReadOnly.
int OpenPresent(int root, const char* target, int* fd) {
  *fd = OpenInRoot(root, target, kPathOnly, RESOLVE_NO_SYMLINKS);
  return *fd < 0 ? errno : 0;
}

// What is laid over paths that the task must not see.
class Masks {
 public:
  Masks() = default;
  ~Masks() {
    if (directory_ != kNoFd) close(directory_);
  }
  Masks(const Masks&) = delete;
  Masks& operator=(const Masks&) = delete;

  // Over what `target` is.
  int Cover(int target) {
    struct stat info;
    if (fstat(target, &info) != 0) return errno;
    int tree = kNoFd;
    const bool is_directory = S_ISDIR(info.st_mode);
    int error = is_directory ? NewDirectory(&tree) : NewFile(&tree);
    if (error != 0) return error;
    error = Check(AttachTree(tree, target));
    if (error != 0 || !is_directory || directory_ != kNoFd) {
      return Closing(tree, error);
    }
    directory_ = tree;
    return 0;
  }

 private:
  // The same file system for all of them.
  int NewDirectory(int* tree) const {
    if (directory_ == kNoFd) {
      return NewFilesystem("tmpfs,mode=555,nr_inodes=1",
                           MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
                               MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC,
                           tree);
    }
    *tree = CloneTree(directory_, "", kEmptyPath);
    return *tree < 0 ? errno : 0;
  }

  // The host's, since the task's own may be anything.
  static int NewFile(int* tree) {
    *tree = CloneTree(AT_FDCWD, "/dev/null", 0);
    return *tree < 0 ? errno : 0;
  }

  // The first that was laid: only what is mounted somewhere can be copied.
  int directory_ = kNoFd;
};

int Mask(int root, const char* target, Masks& masks) {
  int fd = kNoFd;
  const int error = OpenPresent(root, target, &fd);
  if (error != 0) return error == ENOENT ? 0 : error;
  return Closing(fd, masks.Cover(fd));
}

int MakeReadOnly(int root, const char* target) {
  int fd = kNoFd;
  int error = OpenPresent(root, target, &fd);
  if (error != 0) return error == ENOENT ? 0 : error;
  const int tree = CloneTree(fd, "", kEmptyPath | kRecursive);
  if (tree < 0) return Closing(fd, errno);
  mount_attr attr = {};
  attr.attr_set = MOUNT_ATTR_RDONLY;
  error = Check(SetMountAttributes(tree, kRecursive, attr));
  if (error == 0) error = Check(AttachTree(tree, fd));
  return Closing(fd, Closing(tree, error));
}

// By what is mounted there now, which is what the task will see.
int AllowPath(int root, const PlanRootStep& step, const char* target,
              int ruleset) {
  const int fd = OpenInRoot(root, target, kPathOnly, 0);
  if (fd < 0) return errno;
  struct stat info;
  if (fstat(fd, &info) != 0) return Closing(fd, errno);
  landlock_path_beneath_attr rule = {};
  rule.parent_fd = fd;
  rule.allowed_access = step.device;
  if (!S_ISDIR(info.st_mode)) rule.allowed_access &= step.attributes;
  if (rule.allowed_access == 0) return Closing(fd, ENOTDIR);
  return Closing(fd, Check(syscall(SYS_landlock_add_rule, ruleset,
                                   LANDLOCK_RULE_PATH_BENEATH, &rule, 0)));
}

// What one step leaves for those that follow.
struct Kept {
  Masks masks;
  ParentDirectory directory;
};

int Take(const Plan& plan, int root, const PlanRootStep& step,
         const char* const* texts, Kept& kept) {
  const char* const target = texts[0];
  const char* const text = texts[1];
  if (step.kind != RootStepKind::kDevice &&
      step.kind != RootStepKind::kSymlink) {
    kept.directory.Forget();
  }
  switch (step.kind) {
    case RootStepKind::kMountTree:
      return MountTree(root, step, target);
    case RootStepKind::kMountFilesystem:
      return MountFilesystem(root, step, target, text);
    case RootStepKind::kDevice:
      return MakeDevice(root, step, target, kept.directory);
    case RootStepKind::kSymlink:
      return MakeSymlink(root, step, target, text, kept.directory);
    case RootStepKind::kDirectory:
      return MakeDirectory(root, step, target);
    case RootStepKind::kMask:
      return Mask(root, target, kept.masks);
    case RootStepKind::kReadOnly:
      return MakeReadOnly(root, target);
    case RootStepKind::kLandlockRule:
      return AllowPath(root, step, target, plan.header->landlock_fd);
  }
  return EINVAL;
}

ChildFailure TakeSteps(const Plan& plan, int root) {
  const char* const* texts = plan.root_texts;
  Kept kept;
  for (uint32_t i = 0; i < plan.header->root_step_count; ++i) {
    const int error = Take(plan, root, plan.root_steps[i], texts, kept);
    if (error != 0) {
      return {StartStage::kRootStep, error, static_cast<int>(i)};
    }
    texts += 2;
  }
  return {};
}

int SetReadOnly(int root) {
  mount_attr attr = {};
  attr.attr_set = MOUNT_ATTR_RDONLY;
  return Check(SetMountAttributes(root, 0, attr));
}

// The old root lies over the new one after it, in one place, and is detached
// there with everything below: see pivot_root(2).
int PivotRoot(int root) {
  int error = Check(syscall(SYS_fchdir, root));
  if (error == 0) error = Check(syscall(SYS_pivot_root, ".", "."));
  if (error == 0) error = Check(syscall(SYS_umount2, ".", kDetach));
  if (error == 0) error = Check(chdir("/"));
  return error;
}

int ChangeRoot(int root) {
  int error = Check(syscall(SYS_fchdir, root));
  if (error == 0) error = Check(syscall(SYS_chroot, "."));
  if (error == 0) error = Check(chdir("/"));
  return error;
}

ChildFailure EnterHostRoot(const Plan& plan) {
  const int root = open("/", kPathOnly | O_DIRECTORY | O_CLOEXEC);
  if (root < 0) return {StartStage::kAttachRoot, errno};
  const ChildFailure failure = TakeSteps(plan, root);
  close(root);
  return failure;
}

ChildFailure EnterOwnRoot(const Plan& plan) {
  const PlanIsolation& isolation = plan.header->isolation;
  const int root = isolation.root_fd;
  ChildFailure failure = FailureOf(StartStage::kAttachRoot, AttachRoot(root));
  if (!failure.is_set()) failure = TakeSteps(plan, root);
  if (!failure.is_set() && isolation.root_is_read_only != 0) {
    failure = FailureOf(StartStage::kReadOnlyRoot, SetReadOnly(root));
  }
  if (failure.is_set()) return failure;
  return isolation.root_kind == RootKind::kChroot
             ? FailureOf(StartStage::kChroot, ChangeRoot(root))
             : FailureOf(StartStage::kPivotRoot, PivotRoot(root));
}

}  // namespace

ChildFailure EnterTaskRoot(const Plan& plan) {
  const RootKind kind = plan.header->isolation.root_kind;
  if (kind == RootKind::kInherited) return {};
  // What is made has the modes that the plan says.
  umask(0);
  const ChildFailure failure =
      FailureOf(StartStage::kPrivateMounts, SeparateMounts(kind));
  if (failure.is_set()) return failure;
  return kind == RootKind::kHost ? EnterHostRoot(plan) : EnterOwnRoot(plan);
}

}  // namespace reeve
