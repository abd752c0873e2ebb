#include "enforcement/spec/isolation.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

// Of the kernel, __NEW_UTS_LEN.
constexpr size_t kMaxHostname = 64;
constexpr size_t kMaxLabel = 4095;
constexpr size_t kMaxSeccompProfile = 1 << 20;
constexpr size_t kMaxNames = 64;

struct ExecutorName {
  const char* name;
  Executor executor;
};

constexpr ExecutorName kExecutors[] = {{"", Executor::kAsNeeded},
                                       {"none", Executor::kNone},
                                       {"universal", Executor::kUniversal},
                                       {"native", Executor::kNative},
                                       {"oci", Executor::kOci},
                                       {"auto", Executor::kAuto}};

struct ModeName {
  const char* name;
  NamespaceMode mode;
};

constexpr ModeName kModes[] = {{"", NamespaceMode::kDefault},
                               {"private", NamespaceMode::kPrivate},
                               {"host", NamespaceMode::kHost}};

absl::Status Invalid(absl::string_view field, absl::string_view value,
                     absl::string_view advice) {
  return absl::InvalidArgumentError(
      absl::StrCat(field, " \"", absl::CHexEscape(value), "\": ", advice));
}

absl::Status ValidateRoot(const RootSpec& root) {
  if (!root.directory.empty() && !IsPlainPath(root.directory)) {
    return Invalid("rootfs", root.directory,
                   "give an absolute path without \".\" and \"..\"");
  }
  const bool has_more = root.read_only || root.overlay || root.no_pivot_root;
  if (root.directory.empty() && has_more) {
    return absl::InvalidArgumentError(
        "rootfs: read-only, overlay and no-pivot-root are about a root "
        "directory: give one");
  }
  if (root.overlay_directory.empty()) return absl::OkStatus();
  if (!root.overlay) {
    return Invalid("overlay directory", root.overlay_directory,
                   "ask for an overlay too");
  }
  // overlayfs takes its options in one text.
  if (!IsPlainPath(root.overlay_directory)) {
    return Invalid("overlay directory", root.overlay_directory,
                   "give an absolute path without \".\" and \"..\"");
  }
  return absl::OkStatus();
}

absl::Status ValidateNetwork(const std::string& network) {
  if (network.empty() || network == "host" || network == "none" ||
      IsPlainPath(network)) {
    return absl::OkStatus();
  }
  return Invalid("network", network,
                 "use host, none, or the absolute path of a network namespace");
}

bool IsHostnameCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' ||
         c == '.';
}

absl::Status ValidateHostname(const std::string& hostname) {
  if (hostname.size() <= kMaxHostname &&
      std::all_of(hostname.begin(), hostname.end(), IsHostnameCharacter)) {
    return absl::OkStatus();
  }
  return Invalid("hostname", hostname,
                 "use up to 64 letters, digits, \"-\" and \".\"");
}

absl::Status ValidateLabel(absl::string_view field, const std::string& label) {
  const bool is_printable = std::all_of(label.begin(), label.end(), [](char c) {
    return absl::ascii_isprint(static_cast<unsigned char>(c));
  });
  if (label.size() <= kMaxLabel && is_printable) return absl::OkStatus();
  return Invalid(field, label, "give up to 4095 printable characters");
}

absl::Status ValidateCount(absl::string_view what, size_t count) {
  if (count <= kMaxNames) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(count, " ", what, ": give ", kMaxNames, " at most"));
}

absl::Status ValidateUserNamespace(const IsolationSpec& isolation) {
  absl::Status status = ValidateIdMap("uid map", isolation.uid_map);
  status.Update(ValidateIdMap("gid map", isolation.gid_map));
  if (!status.ok()) return status;
  if (isolation.uid_map.empty() != isolation.gid_map.empty()) {
    return absl::InvalidArgumentError(
        "a uid map and a gid map go together: give both");
  }
  if (!isolation.has_user_namespace()) return absl::OkStatus();
  if (isolation.root.directory.empty() || isolation.root.overlay) {
    return absl::InvalidArgumentError(
        "id maps are about a root directory without an overlay: give --rootfs "
        "alone");
  }
  if (IsPlainPath(isolation.network)) {
    return absl::InvalidArgumentError(
        "root of a user namespace cannot join a network: use none or host");
  }
  if (isolation.no_init || isolation.pid == NamespaceMode::kHost) {
    return absl::InvalidArgumentError(
        "reeve's process 1 sets id maps up: leave no-init and pid-mode host "
        "out");
  }
  return absl::OkStatus();
}

absl::Status RefuseNative(const IsolationSpec& isolation) {
  const Executor executor = isolation.executor;
  if ((executor != Executor::kNone && executor != Executor::kUniversal) ||
      !isolation.AsksForNative()) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "isolation ", ExecutorText(executor),
      " has no root, namespaces, mounts, devices or privileges of its own: use "
      "native for them"));
}

}  // namespace

std::string ExecutorText(Executor executor) {
  for (const ExecutorName& known : kExecutors) {
    if (known.executor == executor) return known.name;
  }
  return "";
}

absl::StatusOr<Executor> ParseExecutor(absl::string_view text) {
  for (const ExecutorName& known : kExecutors) {
    if (text == known.name) return known.executor;
  }
  return Invalid("isolation", text, "use none, universal, native, oci or auto");
}

std::string NamespaceModeText(NamespaceMode mode) {
  for (const ModeName& known : kModes) {
    if (known.mode == mode) return known.name;
  }
  return "";
}

absl::StatusOr<NamespaceMode> ParseNamespaceMode(absl::string_view text) {
  for (const ModeName& known : kModes) {
    if (text == known.name) return known.mode;
  }
  return Invalid("namespace mode", text, "use private or host");
}

bool IsolationSpec::AsksForNative() const {
  return !root.directory.empty() || pid != NamespaceMode::kDefault ||
         ipc != NamespaceMode::kDefault || cgroup != NamespaceMode::kDefault ||
         !network.empty() || !hostname.empty() || no_init || !uid_map.empty() ||
         !gid_map.empty() || !mounts.empty() || allow_new_privileges ||
         !add_capabilities.empty() || !drop_capabilities.empty() ||
         !seccomp.empty() || !devices.empty() || !apparmor_profile.empty() ||
         !selinux_label.empty();
}

Executor IsolationSpec::Resolved() const {
  if (executor != Executor::kAsNeeded) return executor;
  return AsksForNative() ? Executor::kNative : Executor::kUniversal;
}

absl::Status ValidateIsolation(const IsolationSpec& isolation) {
  if (isolation.executor == Executor::kOci) {
    return absl::UnimplementedError(
        "isolation oci is not built in: use native, which needs no runtime");
  }
  absl::Status status = RefuseNative(isolation);
  status.Update(ValidateRoot(isolation.root));
  status.Update(ValidateNetwork(isolation.network));
  status.Update(ValidateHostname(isolation.hostname));
  status.Update(ValidateUserNamespace(isolation));
  status.Update(ValidateMounts(isolation.mounts));
  status.Update(ValidateDevices(isolation.devices));
  status.Update(
      ValidateCount("capabilities", isolation.add_capabilities.size()));
  status.Update(
      ValidateCount("capabilities", isolation.drop_capabilities.size()));
  if (isolation.seccomp.size() > kMaxSeccompProfile) {
    status.Update(
        absl::InvalidArgumentError("the seccomp profile is larger than 1 MiB"));
  }
  status.Update(ValidateLabel("apparmor profile", isolation.apparmor_profile));
  status.Update(ValidateLabel("selinux label", isolation.selinux_label));
  if (isolation.no_init && isolation.pid == NamespaceMode::kHost) {
    status.Update(absl::InvalidArgumentError(
        "no-init is about a private pid namespace: leave pid-mode host out"));
  }
  return status;
}

}  // namespace reeve
