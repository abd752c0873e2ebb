#include "collectors/cgroups/cgroup_walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/unique_fd.h"

namespace reeve {
namespace {

struct CloseDir {
  void operator()(DIR* dir) const { closedir(dir); }
};

// cgroup directories have a link for each directory below them. Other file
// systems count otherwise, or have 1 for all.
bool MayHaveChildren(const struct stat& info) { return info.st_nlink != 2; }

class Walk {
 public:
  Walk(const std::string& mount_point, CgroupVisitor& visitor)
      : mount_point_(mount_point), visitor_(visitor) {}

  absl::Status Run() {
    struct stat info;
    if (stat(mount_point_.c_str(), &info) != 0) {
      return ErrnoStatus(errno, absl::StrCat("stat ", mount_point_));
    }
    if (!visitor_.Visit("/", info.st_ino)) {
      visitor_.Learn(MayHaveChildren(info));
      if (MayHaveChildren(info)) to_list_.emplace_back();
    }
    while (!to_list_.empty()) {
      const std::string path = std::move(to_list_.back());
      to_list_.pop_back();
      const absl::Status listed = List(path);
      // What has vanished is not there, and that is no error.
      if (!absl::IsNotFound(listed)) first_error_.Update(listed);
    }
    return first_error_;
  }

 private:
  // `path` is empty for the root.
  absl::Status List(const std::string& path) {
    const std::string whole = absl::StrCat(mount_point_, path);
    absl::StatusOr<UniqueFd> fd =
        OpenAt(AT_FDCWD, whole, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (!fd.ok()) return fd.status();
    const std::unique_ptr<DIR, CloseDir> dir(fdopendir(fd->get()));
    if (dir == nullptr) {
      return ErrnoStatus(errno, absl::StrCat("list ", whole));
    }
    const int dir_fd = fd->Release();
    child_ = absl::StrCat(path, "/");
    const size_t prefix = child_.size();
    errno = 0;
    while (const dirent* entry = readdir(dir.get())) {
      const absl::string_view name = entry->d_name;
      if (name != "." && name != "..") {
        child_.resize(prefix);
        child_.append(name.data(), name.size());
        Look(dir_fd, *entry);
      }
      errno = 0;
    }
    return errno == 0 ? absl::OkStatus()
                      : ErrnoStatus(errno, absl::StrCat("list ", whole));
  }

  // At child_.
  void Look(int dir_fd, const dirent& entry) {
    const bool is_dir = entry.d_type == DT_DIR;
    if (!is_dir && entry.d_type != DT_UNKNOWN) return;
    if (is_dir && visitor_.Visit(child_, entry.d_ino)) return;
    struct stat info;
    if (fstatat(dir_fd, entry.d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno != ENOENT && errno != ENODEV) {
        first_error_.Update(
            ErrnoStatus(errno, absl::StrCat("stat ", mount_point_, child_)));
      }
      return;
    }
    if (!S_ISDIR(info.st_mode)) return;
    if (!is_dir && visitor_.Visit(child_, info.st_ino)) return;
    visitor_.Learn(MayHaveChildren(info));
    if (MayHaveChildren(info)) to_list_.push_back(child_);
  }

  const std::string& mount_point_;
  CgroupVisitor& visitor_;
  std::vector<std::string> to_list_;
  std::string child_;
  absl::Status first_error_;
};

}  // namespace

absl::Status WalkCgroups(const std::string& mount_point,
                         CgroupVisitor& visitor) {
  return Walk(mount_point, visitor).Run();
}

}  // namespace reeve
