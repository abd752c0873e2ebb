#ifndef REEVE_ENFORCEMENT_SPEC_ISOLATION_H_
#define REEVE_ENFORCEMENT_SPEC_ISOLATION_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "enforcement/spec/device_rule.h"
#include "enforcement/spec/id_map.h"
#include "enforcement/spec/mount_spec.h"

namespace reeve {

// What contains a task besides its user.
enum class Executor {
  kAsNeeded,   // kNative if the spec asks for anything of it, else kUniversal.
  kNone,       // A cgroup to measure and end it by, without any limit.
  kUniversal,  // Its cgroup's limits, on the file system of the host.
  kNative,     // Namespaces, a root and privileges of its own as well.
  kOci,        // A runtime of the OCI.
  kAuto,       // The most that this host can do.
};

// "none", "universal", "native", "oci", "auto"; "" for kAsNeeded.
std::string ExecutorText(Executor executor);
absl::StatusOr<Executor> ParseExecutor(absl::string_view text);

// Whether a task has a namespace of its own.
enum class NamespaceMode {
  kDefault,  // Private, where that means something on this host.
  kPrivate,
  kHost,
};

// "private", "host"; "" for kDefault.
std::string NamespaceModeText(NamespaceMode mode);
absl::StatusOr<NamespaceMode> ParseNamespaceMode(absl::string_view text);

// The directory that a task sees as "/".
struct RootSpec {
  // Absolute, on the host; empty: the host's own root.
  std::string directory;
  bool read_only = false;
  // What the task writes goes to an upper layer and leaves `directory` as it
  // is; overlayfs.
  bool overlay = false;
  // Of the overlay: absolute, with "upper" and "work" in it, which stay. Empty:
  // in the task's state directory, gone with the task.
  std::string overlay_directory;
  // chroot(2) in place of pivot_root(2), for hosts whose root is the initial
  // ramdisk. A task with CAP_SYS_CHROOT can leave it.
  bool no_pivot_root = false;
};

// What the native executor does for a task.
struct IsolationSpec {
  Executor executor = Executor::kAsNeeded;
  RootSpec root;
  NamespaceMode pid = NamespaceMode::kDefault;
  NamespaceMode ipc = NamespaceMode::kDefault;
  NamespaceMode cgroup = NamespaceMode::kDefault;
  // Of a user namespace of its own, both or none: its ids are others than the
  // host's, and so are those of the files in its root.
  IdMap uid_map;
  IdMap gid_map;
  // Empty or "host"; "none": loopback alone; else the path of a network
  // namespace, as /run/netns/NAME.
  std::string network;
  // In a UTS namespace of its own; empty: the host's name, where the task
  // cannot change it either.
  std::string hostname;
  // The program itself is process 1 of a private pid namespace, and reaps or
  // does not. Without it process 1 is reeve's and reaps.
  bool no_init = false;
  std::vector<MountSpec> mounts;
  // Programs that the task runs may gain privileges: set-user-ID bits count.
  bool allow_new_privileges = false;
  // By name, as CAP_NET_RAW or net_raw, or ALL.
  std::vector<std::string> add_capabilities;
  std::vector<std::string> drop_capabilities;
  // Empty: the default profile; "unconfined": none; else a profile in the OCI's
  // JSON.
  std::string seccomp;
  // Besides the default ones: see DefaultDeviceAccess().
  std::vector<DeviceSpec> devices;
  // Of AppArmor: the name of a profile that is loaded. Empty: none.
  std::string apparmor_profile;
  // Of SELinux: the whole context. Empty: none.
  std::string selinux_label;

  // The executor that the spec comes to, but for kAuto.
  Executor Resolved() const;
  bool has_user_namespace() const { return !uid_map.empty(); }
  // Whether anything is asked for that only kNative does.
  bool AsksForNative() const;
};

// kInvalidArgument, naming the field and what it takes, for anything that can
// be told wrong without looking at the host. kUnimplemented for kOci.
absl::Status ValidateIsolation(const IsolationSpec& isolation);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_ISOLATION_H_
