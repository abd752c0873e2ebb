#include "enforcement/launch/security_label.h"

#include <unistd.h>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"

namespace reeve {
namespace {

// "NAME (MODE)" a line: apparmorfs.
absl::Status CheckProfile(const std::string& name, const std::string& sysfs) {
  const absl::StatusOr<std::string> loaded =
      ReadFile(absl::StrCat(sysfs, "/kernel/security/apparmor/profiles"));
  if (!loaded.ok()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "apparmor profile ", name, ": this host has no AppArmor, or its list ",
        "of profiles cannot be read: leave the profile out"));
  }
  for (const absl::string_view line : absl::StrSplit(*loaded, '\n')) {
    if (absl::StartsWith(line, absl::StrCat(name, " ("))) {
      return absl::OkStatus();
    }
  }
  return absl::FailedPreconditionError(
      absl::StrCat("apparmor profile ", name,
                   " is not loaded: load it with apparmor_parser first"));
}

absl::Status CheckSelinux(const std::string& label, const std::string& sysfs) {
  const std::string enforce = absl::StrCat(sysfs, "/fs/selinux/enforce");
  if (access(enforce.c_str(), F_OK) == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("selinux label ", label,
                   ": this host has no SELinux: leave the label out"));
}

}  // namespace

absl::StatusOr<std::string> LabelOf(const IsolationSpec& isolation,
                                    const std::string& sysfs) {
  const std::string& profile = isolation.apparmor_profile;
  if (!profile.empty()) {
    absl::Status status = CheckProfile(profile, sysfs);
    if (!status.ok()) return status;
    return absl::StrCat("exec ", profile);
  }
  if (isolation.selinux_label.empty()) return std::string();
  absl::Status status = CheckSelinux(isolation.selinux_label, sysfs);
  if (!status.ok()) return status;
  return isolation.selinux_label;
}

}  // namespace reeve
