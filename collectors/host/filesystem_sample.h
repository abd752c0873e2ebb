#ifndef REEVE_COLLECTORS_HOST_FILESYSTEM_SAMPLE_H_
#define REEVE_COLLECTORS_HOST_FILESYSTEM_SAMPLE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reeve {

// As in the flag --collector.NAME and in collect[].
constexpr char kFilesystemCollector[] = "filesystems";

// How full a file system is: statfs(2).
struct FilesystemUsage {
  uint64_t size_bytes = 0;
  uint64_t free_bytes = 0;
  // What others than root can have of it.
  uint64_t available_bytes = 0;
  // Absent where a file system makes them as they are needed.
  std::optional<uint64_t> inodes;
  std::optional<uint64_t> inodes_free;
  // It, or this mount of it.
  bool is_read_only = false;
};

struct Filesystem {
  std::string mount_point;
  // "/dev/sda1", "server:/path", or whatever was named.
  std::string source;
  std::string type;
  // Absent if it could not be told.
  std::optional<FilesystemUsage> usage;
  // It did not answer in time, now or when it was asked last.
  bool is_stuck = false;
};

using FilesystemSample = std::vector<Filesystem>;

}  // namespace reeve

#endif  // REEVE_COLLECTORS_HOST_FILESYSTEM_SAMPLE_H_
