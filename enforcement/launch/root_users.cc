#include "enforcement/launch/root_users.h"

#include <fcntl.h>

#include <cstddef>

#include "absl/status/status.h"
#include "base/open_in_root.h"
#include "base/regular_file.h"
#include "base/unique_fd.h"
#include "enforcement/launch/passwd_file.h"

namespace reeve {
namespace {

constexpr size_t kMaxBytes = 1 << 20;

// "" if there is no such file.
absl::StatusOr<std::string> ReadDatabase(int root_fd, const std::string& path) {
  const absl::StatusOr<UniqueFd> fd =
      OpenInRoot(root_fd, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (absl::IsNotFound(fd.status())) return "";
  if (!fd.ok()) return fd.status();
  return ReadRegularFile(fd->get(), path, kMaxBytes);
}

}  // namespace

absl::StatusOr<Credentials> LookUpUserInRoot(int root_fd,
                                             const std::string& user) {
  const absl::StatusOr<std::string> passwd =
      ReadDatabase(root_fd, "etc/passwd");
  if (!passwd.ok()) return passwd.status();
  const absl::StatusOr<std::string> group = ReadDatabase(root_fd, "etc/group");
  if (!group.ok()) return group.status();
  return ResolveUser(user, ParsePasswd(*passwd), ParseGroup(*group));
}

}  // namespace reeve
