#ifndef REEVE_ENFORCEMENT_CGROUP_CGROUP_DIR_FDS_H_
#define REEVE_ENFORCEMENT_CGROUP_CGROUP_DIR_FDS_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "base/unique_fd.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/kill_cgroup.h"
#include "enforcement/cgroup/limit_files.h"
#include "enforcement/cgroup/limit_plan.h"

namespace reeve {

// The directories of one cgroup, held open: a cgroup that is removed and made
// again under its name is not taken for the old one. Directories are added, and
// none goes before all do. Thread-safe.
class CgroupDirFds final : public LimitFiles {
 public:
  // Opens those directories of `cgroup` that exist in the hierarchies that a
  // task may use. kNotFound if none does.
  static absl::StatusOr<std::unique_ptr<CgroupDirFds>> Open(
      const CgroupMounts& mounts, const std::string& cgroup);

  // The same in the hierarchies of the named controllers, and in the unified
  // one if it is mounted.
  static absl::StatusOr<std::unique_ptr<CgroupDirFds>> Open(
      const CgroupMounts& mounts, const std::string& cgroup,
      const std::vector<std::string>& controllers);

  // Adds the directories in the hierarchies of the named controllers that are
  // not open yet.
  absl::Status Add(const CgroupMounts& mounts,
                   const std::vector<std::string>& controllers);

  // Where the directories are. One that did not exist when they were opened or
  // added is absent.
  CgroupDirs dirs() const;

  // The versions of cpu, memory and pids where the cgroup has them.
  LimitVersions versions() const;

  // The directory that has a controller's files; -1 if there is none.
  int Find(const std::string& controller) const;

  // One directory for each v1 hierarchy, in the order in which they were added.
  std::vector<int> V1() const;

  // -1 if the unified hierarchy is not mounted.
  int Unified() const;

  // Where the cgroup is watched and killed, and how it is frozen there: the
  // unified hierarchy if there is one, else that of the v1 freezer, else any.
  int Main() const;
  FreezeFile MainFreezeFile() const;

  absl::StatusOr<std::string> Read(const std::string& controller,
                                   const std::string& file) const override;
  absl::StatusOr<std::string> Write(const std::string& controller,
                                    const std::string& file,
                                    const std::string& value) override;
  absl::Status WriteOnly(const std::string& controller, const std::string& file,
                         const std::string& value) override;

 private:
  struct Directory {
    // Of `mounts`, which keeps it.
    const CgroupHierarchy* hierarchy;
    CgroupMounts mounts;
    UniqueFd fd;
  };

  // Which of the CgroupDirs there are.
  struct Presence {
    bool cpu = false;
    bool cpuacct = false;
    bool memory = false;
    bool pids = false;
    bool cpuset = false;
    bool io = false;
    bool hugetlb = false;
    bool unified = false;
  };

  CgroupDirFds(const CgroupMounts& mounts, std::string cgroup)
      : cgroup_(std::move(cgroup)), mounts_(mounts) {}

  // Opens those of the hierarchies for which `is_wanted` that have the cgroup.
  template <typename IsWanted>
  static absl::StatusOr<std::unique_ptr<CgroupDirFds>> OpenIf(
      const CgroupMounts& mounts, const std::string& cgroup,
      IsWanted is_wanted);

  // OK if the cgroup is not in the hierarchy, which is of `mounts_`.
  absl::Status OpenIn(const CgroupHierarchy& hierarchy)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  int FindLocked(absl::string_view controller) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  int UnifiedLocked() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  Presence LookWhatIsThere() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  const std::string cgroup_;
  mutable absl::Mutex mutex_;
  // Those that directories were opened or added by last.
  CgroupMounts mounts_ ABSL_GUARDED_BY(mutex_);
  std::vector<Directory> directories_ ABSL_GUARDED_BY(mutex_);
  Presence is_there_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_CGROUP_DIR_FDS_H_
