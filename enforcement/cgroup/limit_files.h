#ifndef REEVE_ENFORCEMENT_CGROUP_LIMIT_FILES_H_
#define REEVE_ENFORCEMENT_CGROUP_LIMIT_FILES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace reeve {

// The limit files of one cgroup. An interface, so that tests can let the
// kernel refuse any write they like.
class LimitFiles {
 public:
  virtual ~LimitFiles() = default;

  // The contents as the kernel prints them. kNotFound if the kernel has no such
  // file.
  virtual absl::StatusOr<std::string> Read(const std::string& controller,
                                           const std::string& file) const = 0;

  // Writes, and returns what the file then shows. The error holds the kernel's
  // answer; the value may have been taken even so.
  virtual absl::StatusOr<std::string> Write(const std::string& controller,
                                            const std::string& file,
                                            const std::string& value) = 0;

  // Writes to a file that cannot be read.
  virtual absl::Status WriteOnly(const std::string& controller,
                                 const std::string& file,
                                 const std::string& value) {
    return Write(controller, file, value).status();
  }

  // Undoes the last Write() to a file, which held `value` before.
  virtual absl::Status Restore(const std::string& controller,
                               const std::string& file,
                               const std::string& value) {
    return Write(controller, file, value).status();
  }
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_LIMIT_FILES_H_
