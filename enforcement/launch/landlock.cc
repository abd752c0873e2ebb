#include "enforcement/launch/landlock.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/open_in_root.h"

namespace reeve {
namespace {

// Since version 3 (Linux 6.2) and 5 (6.10): newer than some headers.
constexpr uint64_t kTruncate = uint64_t{1} << 14;
constexpr uint64_t kIoctlDevice = uint64_t{1} << 15;

constexpr int kAbiWithTruncate = 3;
constexpr int kAbiWithIoctlDevice = 5;

constexpr uint64_t kRead =
    LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr uint64_t kWrite =
    LANDLOCK_ACCESS_FS_WRITE_FILE | kTruncate | kIoctlDevice;
constexpr uint64_t kExecute = LANDLOCK_ACCESS_FS_EXECUTE;
constexpr uint64_t kCreate =
    LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
    LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
    LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
    LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER;
// Making a device is nothing that a rule allows.
constexpr uint64_t kNobody =
    LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK;
// All that makes sense for what is no directory.
constexpr uint64_t kOfFiles = LANDLOCK_ACCESS_FS_READ_FILE | kWrite | kExecute;

uint64_t KnownTo(int abi) {
  const uint64_t all = kRead | kWrite | kExecute | kCreate | kNobody;
  return abi < kAbiWithIoctlDevice ? all & ~kIoctlDevice : all;
}

uint64_t AccessOf(const PathRule& rule) {
  return (rule.read ? kRead : 0) | (rule.write ? kWrite : 0) |
         (rule.execute ? kExecute : 0) | (rule.create ? kCreate : 0);
}

absl::StatusOr<UniqueFd> OpenPath(int root_fd, const PathRule& rule) {
  return root_fd == AT_FDCWD ? OpenAt(AT_FDCWD, rule.path, O_PATH)
                             : OpenInRoot(root_fd, rule.path, O_PATH);
}

absl::Status AddRule(const UniqueFd& ruleset, int root_fd, const PathRule& rule,
                     uint64_t known) {
  const std::string text =
      absl::StrCat("landlock rule ", PathAccessText(rule), ":", rule.path);
  const absl::StatusOr<UniqueFd> path = OpenPath(root_fd, rule);
  if (!path.ok()) {
    return absl::Status(path.status().code(),
                        absl::StrCat(text, ": ", path.status().message()));
  }
  struct stat info;
  if (fstat(path->get(), &info) != 0) return ErrnoStatus(errno, text);
  landlock_path_beneath_attr attributes = {};
  attributes.parent_fd = path->get();
  attributes.allowed_access = AccessOf(rule) & known;
  if (!S_ISDIR(info.st_mode)) attributes.allowed_access &= kOfFiles;
  if (attributes.allowed_access == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(text, ": it allows nothing of what is no directory"));
  }
  if (syscall(SYS_landlock_add_rule, ruleset.get(), LANDLOCK_RULE_PATH_BENEATH,
              &attributes, 0) != 0) {
    return ErrnoStatus(errno, text);
  }
  return absl::OkStatus();
}

}  // namespace

int LandlockAbi() {
  const long abi = syscall(SYS_landlock_create_ruleset, nullptr, 0,
                           LANDLOCK_CREATE_RULESET_VERSION);
  return abi < 0 ? 0 : static_cast<int>(abi);
}

absl::Status CheckLandlockAbi(int abi) {
  if (abi >= kAbiWithTruncate) return absl::OkStatus();
  if (abi == 0) {
    return absl::UnimplementedError(
        "this kernel has no Landlock, or was booted without it: use Linux 6.2 "
        "or later with landlock in lsm=, or leave the rules out");
  }
  return absl::UnimplementedError(absl::StrCat(
      "Landlock of this kernel is of version ", abi,
      ", which does not keep files from being cut short: use Linux 6.2 or "
      "later, or leave the rules out"));
}

absl::StatusOr<UniqueFd> MakeLandlockRuleset(const std::vector<PathRule>& rules,
                                             int root_fd) {
  const int abi = LandlockAbi();
  absl::Status status = CheckLandlockAbi(abi);
  if (!status.ok()) return status;
  landlock_ruleset_attr attributes = {};
  attributes.handled_access_fs = KnownTo(abi);
  // Closed on exec by itself.
  UniqueFd ruleset(static_cast<int>(syscall(
      SYS_landlock_create_ruleset, &attributes, sizeof(attributes), 0)));
  if (!ruleset) return ErrnoStatus(errno, "landlock_create_ruleset");
  for (const PathRule& rule : rules) {
    status = AddRule(ruleset, root_fd, rule, attributes.handled_access_fs);
    if (!status.ok()) return status;
  }
  return ruleset;
}

RootStep LandlockStep(const PathRule& rule) {
  RootStep step;
  step.kind = RootStepKind::kLandlockRule;
  step.target = rule.path;
  step.text = PathAccessText(rule);
  step.device = AccessOf(rule) & KnownTo(LandlockAbi());
  step.attributes = static_cast<uint32_t>(kOfFiles);
  return step;
}

}  // namespace reeve
