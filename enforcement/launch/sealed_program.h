#ifndef REEVE_ENFORCEMENT_LAUNCH_SEALED_PROGRAM_H_
#define REEVE_ENFORCEMENT_LAUNCH_SEALED_PROGRAM_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/unique_fd.h"

namespace reeve {

// A program in memory that nobody can change, not even root: who gets at
// /proc/PID/exe of a process that runs it finds a file that takes no write, and
// not the one on disk (CVE-2019-5736). Thread-safe once it is made.
class SealedProgram {
 public:
  // Copies the program file `path` to a memfd_create(2) called `name`. An error
  // names the file, or says that the kernel makes no executable file in memory
  // (sysctl vm.memfd_noexec).
  static absl::StatusOr<SealedProgram> Copy(const std::string& path,
                                            const std::string& name);

  // By which a child of this process can execute it, one instead of the other:
  // the quickest first, and last the one that no permission is needed for. The
  // file is closed on exec.
  const std::vector<std::string>& paths() const { return paths_; }

  // What /proc/PID/exe of a process says that runs one called `name`.
  static std::string LinkText(const std::string& name);

 private:
  explicit SealedProgram(UniqueFd fd);

  UniqueFd fd_;
  std::vector<std::string> paths_;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_SEALED_PROGRAM_H_
