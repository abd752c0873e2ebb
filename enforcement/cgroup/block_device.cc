#include "enforcement/cgroup/block_device.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"

namespace reeve {
namespace {

absl::StatusOr<std::string> NumberOf(const std::string& path) {
  struct stat device;
  if (stat(path.c_str(), &device) != 0) {
    return ErrnoStatus(errno, absl::StrCat("block device ", path));
  }
  if (!S_ISBLK(device.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "block device ", path,
        ": it is none; give the disk, such as /dev/sda or MAJOR:MINOR"));
  }
  return absl::StrCat(major(device.st_rdev), ":", minor(device.st_rdev));
}

// "8:0" of the disk that a partition is on; its directory is in the disk's.
std::string DiskOf(const std::string& partition_directory) {
  const absl::StatusOr<std::string> number =
      ReadFile(absl::StrCat(partition_directory, "/../dev"));
  return number.ok() ? std::string(absl::StripAsciiWhitespace(*number))
                     : "the whole disk";
}

}  // namespace

absl::StatusOr<std::string> ResolveBlockDevice(const std::string& device,
                                               const std::string& sysfs) {
  const bool is_path = !device.empty() && device.front() == '/';
  const absl::StatusOr<std::string> number =
      is_path ? NumberOf(device) : absl::StatusOr<std::string>(device);
  if (!number.ok()) return number.status();

  const std::string directory = absl::StrCat(sysfs, "/dev/block/", *number);
  if (access(directory.c_str(), F_OK) != 0) {
    return absl::NotFoundError(absl::StrCat(
        "block device ", device, ": this host has none of that number; ",
        "\"lsblk\" shows those there are"));
  }
  if (access(absl::StrCat(directory, "/partition").c_str(), F_OK) == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("block device ", device, ": it is a partition; limit ",
                     "the whole disk, which is ", DiskOf(directory)));
  }
  return *number;
}

}  // namespace reeve
