#ifndef REEVE_AGENT_TASKS_LOG_FOLLOWER_H_
#define REEVE_AGENT_TASKS_LOG_FOLLOWER_H_

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "base/unique_fd.h"

namespace reeve {

// Reads a log that is rotated meanwhile: NAME is the newest file, NAME.1 the
// one before it. Symbolic links are not followed, and only regular files are
// read. What is rotated away before it is read is passed over.
// Thread-compatible.
class LogFollower {
 public:
  LogFollower(UniqueFd dir, std::string name, uint32_t max_files);

  // Begins with the oldest byte there is, or with the last `tail_lines` lines.
  // A log that is not there is an empty one.
  absl::Status Begin(std::optional<uint64_t> tail_lines);

  // The next bytes, as many as are convenient; none at the end, for now.
  absl::StatusOr<std::string> Read();

 private:
  // kNotFound if there is no such file.
  absl::StatusOr<UniqueFd> Open(uint32_t number) const;
  // Sets fd_ to the oldest file.
  void OpenOldest();
  // Which file fd_ is now; nullopt if it is none any more.
  std::optional<uint32_t> Position() const;
  absl::StatusOr<std::string> ReadHere();

  UniqueFd dir_;
  std::string name_;
  uint32_t max_files_;
  UniqueFd fd_;
  off_t offset_ = 0;
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_LOG_FOLLOWER_H_
