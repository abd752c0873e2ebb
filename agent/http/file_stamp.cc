#include "agent/http/file_stamp.h"

#include <sys/stat.h>

namespace reeve {

FileStamp StampOf(const std::string& path) {
  constexpr int64_t kSecond = 1'000'000'000;
  FileStamp stamp;
  stamp.path = path;
  struct stat status;
  if (stat(path.c_str(), &status) != 0) return stamp;
  stamp.device = status.st_dev;
  stamp.inode = status.st_ino;
  stamp.size = status.st_size;
  stamp.modified_ns = status.st_mtim.tv_sec * kSecond + status.st_mtim.tv_nsec;
  stamp.changed_ns = status.st_ctim.tv_sec * kSecond + status.st_ctim.tv_nsec;
  return stamp;
}

}  // namespace reeve
