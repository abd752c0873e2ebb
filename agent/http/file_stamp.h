#ifndef REEVE_AGENT_HTTP_FILE_STAMP_H_
#define REEVE_AGENT_HTTP_FILE_STAMP_H_

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace reeve {

// What tells that a file was replaced, written to or given away since. All 0
// for one that is not there.
struct FileStamp {
  std::string path;
  dev_t device = 0;
  ino_t inode = 0;
  off_t size = 0;
  int64_t modified_ns = 0;
  // Its contents, or who may read and write it.
  int64_t changed_ns = 0;

  bool operator==(const FileStamp& other) const {
    return path == other.path && device == other.device &&
           inode == other.inode && size == other.size &&
           modified_ns == other.modified_ns && changed_ns == other.changed_ns;
  }
};

// Of the file as it is now, by stat(2).
FileStamp StampOf(const std::string& path);

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_FILE_STAMP_H_
