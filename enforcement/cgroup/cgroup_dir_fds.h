#ifndef REEVE_ENFORCEMENT_CGROUP_CGROUP_DIR_FDS_H_
#define REEVE_ENFORCEMENT_CGROUP_CGROUP_DIR_FDS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/unique_fd.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/kill_cgroup.h"
#include "enforcement/cgroup/limit_files.h"
#include "enforcement/cgroup/limit_plan.h"

namespace reeve {

// The directories of one cgroup, held open: a cgroup that is removed and made
// again under its name is not taken for the old one. Thread-safe: nothing
// changes after Open().
class CgroupDirFds final : public LimitFiles {
 public:
  // Opens those directories of `cgroup` that exist in the hierarchies that a
  // task uses. kNotFound if none does.
  static absl::StatusOr<CgroupDirFds> Open(const CgroupMounts& mounts,
                                           const std::string& cgroup);

  // Where the directories are. One that does not exist is absent.
  const CgroupDirs& dirs() const { return dirs_; }

  // The versions of the controllers that the cgroup has.
  LimitVersions versions() const;

  // The directory that has a controller's files; -1 if there is none.
  int Find(const std::string& controller) const;

  // One directory for each v1 hierarchy.
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

 private:
  struct Directory {
    CgroupVersion version;
    std::vector<std::string> controllers;
    UniqueFd fd;
  };

  std::vector<Directory> directories_;
  CgroupDirs dirs_;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_CGROUP_DIR_FDS_H_
