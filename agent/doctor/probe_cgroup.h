#ifndef REEVE_AGENT_DOCTOR_PROBE_CGROUP_H_
#define REEVE_AGENT_DOCTOR_PROBE_CGROUP_H_

#include <string>

#include "absl/status/statusor.h"

namespace reeve {

// An empty cgroup that shows what its hierarchy allows, and is removed with
// this object. Thread-compatible.
class ProbeCgroup {
 public:
  // Makes one below the cgroup whose directory is given.
  static absl::StatusOr<ProbeCgroup> Make(const std::string& directory);

  ~ProbeCgroup();
  ProbeCgroup(ProbeCgroup&& other) noexcept;
  ProbeCgroup(const ProbeCgroup&) = delete;
  ProbeCgroup& operator=(const ProbeCgroup&) = delete;

  const std::string& path() const { return path_; }

 private:
  explicit ProbeCgroup(std::string path);

  std::string path_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_DOCTOR_PROBE_CGROUP_H_
