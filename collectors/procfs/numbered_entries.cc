#include "collectors/procfs/numbered_entries.h"

#include <dirent.h>
#include <fcntl.h>

#include <cerrno>
#include <memory>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/unique_fd.h"

namespace reeve {

absl::StatusOr<std::vector<int>> ListNumberedEntries(int dir_fd,
                                                     const std::string& name) {
  absl::StatusOr<UniqueFd> fd = OpenAt(dir_fd, name, O_RDONLY | O_DIRECTORY);
  if (!fd.ok()) return fd.status();
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(fdopendir(fd->get()), closedir);
  if (dir == nullptr) return ErrnoStatus(errno, absl::StrCat("list ", name));
  fd->Release();
  std::vector<int> numbers;
  errno = 0;
  while (const dirent* entry = readdir(dir.get())) {
    int number;
    if (absl::SimpleAtoi(entry->d_name, &number)) numbers.push_back(number);
    errno = 0;
  }
  if (errno != 0) return ErrnoStatus(errno, absl::StrCat("list ", name));
  return numbers;
}

}  // namespace reeve
