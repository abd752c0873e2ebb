#include "enforcement/launch/native_support.h"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/file.h"

namespace reeve {
namespace {

constexpr int kNoDescriptor = -1;

absl::Status CheckPrivilege() {
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2] = {};
  if (syscall(SYS_capget, &header, data) != 0) {
    return ErrnoStatus(errno, "read the agent's capabilities");
  }
  if ((data[0].effective >> CAP_SYS_ADMIN & 1) != 0) return absl::OkStatus();
  return absl::PermissionDeniedError(
      "isolation native needs an agent with CAP_SYS_ADMIN: run it as root, or "
      "use isolation universal");
}

// The newest of the calls that are made: a kernel with it has the others, and
// says that the descriptor is bad.
absl::Status CheckKernel() {
  const uint64_t attributes[4] = {};
  if (syscall(SYS_mount_setattr, kNoDescriptor, "", 0x1000, attributes,
              sizeof(attributes)) == 0 ||
      errno != ENOSYS) {
    return absl::OkStatus();
  }
  return absl::UnimplementedError(
      "isolation native needs Linux 5.12 or later, and no filter that keeps "
      "mount_setattr from the agent: use isolation universal");
}

absl::Status CheckNamespace(const char* kind) {
  const std::string path =
      absl::StrCat("/proc/sys/user/max_", kind, "_namespaces");
  const absl::StatusOr<std::string> text = ReadFile(path);
  uint64_t most = 0;
  // A kernel without the file has no such bound.
  if (!text.ok() ||
      !absl::SimpleAtoi(absl::StripAsciiWhitespace(*text), &most) || most > 0) {
    return absl::OkStatus();
  }
  return absl::UnavailableError(
      absl::StrCat(path, " is 0, which isolation native needs larger"));
}

}  // namespace

absl::Status CheckNativeSupport() {
  absl::Status status = CheckPrivilege();
  status.Update(CheckKernel());
  for (const char* kind : {"mnt", "pid", "ipc", "uts"}) {
    status.Update(CheckNamespace(kind));
  }
  return status;
}

}  // namespace reeve
