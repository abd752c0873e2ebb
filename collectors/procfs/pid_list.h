#ifndef REEVE_COLLECTORS_PROCFS_PID_LIST_H_
#define REEVE_COLLECTORS_PROCFS_PID_LIST_H_

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/kept_file.h"
#include "base/unique_fd.h"

namespace reeve {

// The processes that a procfs lists, again and again through one descriptor.
// Thread-compatible.
class PidList {
 public:
  // Fails if there is no such directory.
  static absl::StatusOr<PidList> Open(const std::string& procfs);

  // Puts the pids of all processes into `pids`, in the place of what it holds,
  // in rising order. Those of others are missing where the
  // procfs is mounted with hidepid=2.
  absl::Status Read(std::vector<pid_t>& pids);

  // To open files by, such as "1234/stat".
  int procfs_fd() const { return dir_.get(); }

 private:
  explicit PidList(UniqueFd dir) : dir_(std::move(dir)) {}

  UniqueFd dir_;
  ReadBuffer buffer_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCFS_PID_LIST_H_
