#ifndef REEVE_BASE_REGULAR_FILE_H_
#define REEVE_BASE_REGULAR_FILE_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"

namespace reeve {

// The whole file, if it is one: kDataLoss for a symbolic link, which is not
// followed, and for a directory, a fifo or a socket, none of which makes the
// caller wait. For files that whoever wrote them may have put something else in
// the place of. Other errors are those of ReadFileAt(). Thread-safe.
absl::StatusOr<std::string> ReadRegularFileAt(int dir_fd,
                                              const std::string& name);

// All of the file that is open for reading as `fd`, with the offset at its
// beginning. kDataLoss, naming it `name`, if it is no regular one or if it has
// more than `max_bytes`; open it with O_NONBLOCK so that a fifo is not waited
// for. Thread-safe for different descriptors.
absl::StatusOr<std::string> ReadRegularFile(int fd, const std::string& name,
                                            size_t max_bytes);

}  // namespace reeve

#endif  // REEVE_BASE_REGULAR_FILE_H_
