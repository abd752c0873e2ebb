#ifndef REEVE_COLLECTORS_CGROUP_CGROUP_DIR_HANDLES_H_
#define REEVE_COLLECTORS_CGROUP_CGROUP_DIR_HANDLES_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/kept_file.h"
#include "base/unique_fd.h"
#include "collectors/cgroup/cgroup_mounts.h"

namespace reeve {

// The directories of one cgroup while its files are being opened, each opened
// once however many controllers live in it. Thread-compatible.
class CgroupDirHandles {
 public:
  // `dirs` must outlive the handles. kNotFound if the cgroup is in no hierarchy
  // at all; one that is in some only is fine.
  static absl::StatusOr<CgroupDirHandles> Open(const CgroupDirs& dirs);

  // Opens a file of one of the directories; `file` does not exist afterwards if
  // the directory or the file does not.
  absl::Status OpenFile(const std::optional<CgroupDir>& dir, const char* name,
                        KeptFile& file) const;

  bool Has(const std::optional<CgroupDir>& dir) const;

  // Inode number of the cgroup in the first hierarchy that has it.
  absl::StatusOr<uint64_t> Inode() const;

 private:
  struct Handle {
    absl::string_view path;
    UniqueFd fd;
  };

  absl::Status Add(const std::optional<CgroupDir>& dir);
  // -1 if there is no such directory.
  int Find(const std::optional<CgroupDir>& dir) const;

  absl::InlinedVector<Handle, 5> handles_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_CGROUP_DIR_HANDLES_H_
