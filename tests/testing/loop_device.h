#ifndef REEVE_TESTS_TESTING_LOOP_DEVICE_H_
#define REEVE_TESTS_TESTING_LOOP_DEVICE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "base/unique_fd.h"

namespace reeve {

// A block device of a test's own: a loop device over a file in the temporary
// directory that nobody else sees. Gone at the end of its scope.
class LoopDevice {
 public:
  // An error says why this machine gives none.
  static absl::StatusOr<std::unique_ptr<LoopDevice>> Make(size_t bytes);

  ~LoopDevice();
  LoopDevice(const LoopDevice&) = delete;
  LoopDevice& operator=(const LoopDevice&) = delete;

  // "/dev/loop0".
  const std::string& path() const { return path_; }

  // "7:0".
  const std::string& number() const { return number_; }

  // Open for reading and writing past the page cache.
  int fd() const { return fd_.get(); }

 private:
  LoopDevice() = default;

  std::string path_;
  std::string number_;
  UniqueFd fd_;
};

}  // namespace reeve

#endif  // REEVE_TESTS_TESTING_LOOP_DEVICE_H_
