#ifndef REEVE_COLLECTORS_PROCFS_PROCESS_FILE_H_
#define REEVE_COLLECTORS_PROCFS_PROCESS_FILE_H_

#include <sys/types.h>

#include <charconv>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/kept_file.h"

namespace reeve {

// The path of a file of a process below /proc: "1234/stat". No allocation.
class ProcessFilePath {
 public:
  // `name` is cut after 40 characters.
  ProcessFilePath(pid_t pid, absl::string_view name) {
    char* end = std::to_chars(text_, text_ + kMaxDigits, pid).ptr;
    *end++ = '/';
    end += name.copy(end, kMaxName);
    *end = 0;
  }

  const char* c_str() const { return text_; }

 private:
  static constexpr size_t kMaxDigits = 11;
  static constexpr size_t kMaxName = 40;

  char text_[kMaxDigits + 1 + kMaxName + 1];
};

// Opens, reads and closes a file of a process, and returns what `parse` makes
// of it; see ReadParsed(). kNotFound if the process has ended, and not if it is
// a zombie. kPermissionDenied also where procfs is mounted with hidepid=1.
template <typename Parse>
auto ReadProcessFile(int procfs_fd, pid_t pid, absl::string_view name,
                     ReadBuffer& buffer, const Parse& parse)
    -> decltype(parse(absl::string_view())) {
  const ProcessFilePath path(pid, name);
  const absl::StatusOr<KeptFile> file = KeptFile::Open(procfs_fd, path.c_str());
  if (!file.ok()) return file.status();
  if (!file->Exists()) return absl::NotFoundError("the process has ended");
  return ReadParsed(*file, buffer, parse);
}

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCFS_PROCESS_FILE_H_
