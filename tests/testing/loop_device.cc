#include "tests/testing/loop_device.h"

#include <fcntl.h>
#include <linux/loop.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "absl/cleanup/cleanup.h"
#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"

namespace reeve {
namespace {

constexpr unsigned kMiscMajor = 10;
constexpr unsigned kLoopControlMinor = 237;

// By a node of our own where /dev has none: opening it makes the kernel load
// its module.
absl::StatusOr<UniqueFd> OpenControl() {
  absl::StatusOr<UniqueFd> control =
      OpenAt(AT_FDCWD, "/dev/loop-control", O_RDWR);
  if (control.ok()) return control;
  const std::string node = absl::StrCat("/tmp/reeve-loop-control-", getpid());
  if (mknod(node.c_str(), S_IFCHR | 0600,
            makedev(kMiscMajor, kLoopControlMinor)) != 0) {
    return ErrnoStatus(errno, "make a node for /dev/loop-control");
  }
  const absl::Cleanup remove = [&node] { unlink(node.c_str()); };
  return OpenAt(AT_FDCWD, node, O_RDWR);
}

absl::StatusOr<UniqueFd> MakeBackingFile(size_t bytes) {
  std::string path = "/tmp/reeve-loop-XXXXXX";
  UniqueFd file(mkostemp(path.data(), O_CLOEXEC));
  if (!file) return ErrnoStatus(errno, "make a file for a loop device");
  unlink(path.c_str());
  if (ftruncate(file.get(), static_cast<off_t>(bytes)) != 0) {
    return ErrnoStatus(errno, "make a file for a loop device");
  }
  return file;
}

}  // namespace

absl::StatusOr<std::unique_ptr<LoopDevice>> LoopDevice::Make(size_t bytes) {
  const absl::StatusOr<UniqueFd> control = OpenControl();
  if (!control.ok()) return control.status();
  const absl::StatusOr<UniqueFd> file = MakeBackingFile(bytes);
  if (!file.ok()) return file.status();

  // Another may take the free one first.
  for (int attempt = 0; attempt < 10; ++attempt) {
    const int number = ioctl(control->get(), LOOP_CTL_GET_FREE);
    if (number < 0) return ErrnoStatus(errno, "find a free loop device");
    auto device = absl::WrapUnique(new LoopDevice());
    device->path_ = absl::StrCat("/dev/loop", number);
    absl::StatusOr<UniqueFd> fd =
        OpenAt(AT_FDCWD, device->path_, O_RDWR | O_DIRECT);
    if (!fd.ok()) return fd.status();
    loop_config config = {};
    config.fd = static_cast<uint32_t>(file->get());
    config.info.lo_flags = LO_FLAGS_AUTOCLEAR;
    if (ioctl(fd->get(), LOOP_CONFIGURE, &config) != 0) {
      if (errno == EBUSY) continue;
      return ErrnoStatus(errno, absl::StrCat("set up ", device->path_));
    }
    struct stat node;
    if (fstat(fd->get(), &node) != 0) return ErrnoStatus(errno, device->path_);
    device->number_ =
        absl::StrCat(major(node.st_rdev), ":", minor(node.st_rdev));
    device->fd_ = *std::move(fd);
    return device;
  }
  return absl::UnavailableError("no loop device stays free");
}

LoopDevice::~LoopDevice() {
  if (fd_) ioctl(fd_.get(), LOOP_CLR_FD);
}

}  // namespace reeve
