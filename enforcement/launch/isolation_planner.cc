#include "enforcement/launch/isolation_planner.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "enforcement/launch/detached_mount.h"
#include "enforcement/launch/native_support.h"
#include "enforcement/launch/root_steps.h"
#include "enforcement/launch/security_label.h"
#include "enforcement/launch/task_device.h"

namespace reeve {
namespace {

constexpr mode_t kOverlayMode = 0700;

// What this process may hand on at most.
absl::StatusOr<CapabilitySet> OwnCapabilities() {
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2] = {};
  if (syscall(SYS_capget, &header, data) != 0) {
    return ErrnoStatus(errno, "read the agent's capabilities");
  }
  return CapabilitySet(data[0].permitted |
                       static_cast<uint64_t>(data[1].permitted) << 32);
}

absl::StatusOr<UniqueFd> OpenNetwork(const std::string& path) {
  absl::StatusOr<UniqueFd> fd = OpenAt(AT_FDCWD, path, O_RDONLY | O_NONBLOCK);
  if (!fd.ok()) {
    return absl::Status(fd.status().code(),
                        absl::StrCat("network ", fd.status().message()));
  }
  struct statfs info;
  if (fstatfs(fd->get(), &info) != 0) {
    return ErrnoStatus(errno, absl::StrCat("network ", path));
  }
  if (info.f_type != NSFS_MAGIC ||
      ioctl(fd->get(), NS_GET_NSTYPE) != static_cast<int>(CLONE_NEWNET)) {
    return absl::InvalidArgumentError(
        absl::StrCat("network ", path,
                     " is no network namespace: give one of /run/netns or "
                     "/proc/PID/ns/net"));
  }
  return fd;
}

bool IsNetworkPath(const std::string& network) {
  return absl::StartsWith(network, "/");
}

// Root has what it is bounded by; others what was added by name, which is the
// least that can have been meant.
PlanCapabilities Distribute(CapabilitySet bounding, CapabilitySet added,
                            bool is_root) {
  PlanCapabilities capabilities = {};
  capabilities.bounding = bounding.bits();
  if (is_root) {
    capabilities.effective = bounding.bits();
    return capabilities;
  }
  const uint64_t kept = bounding.And(added).bits();
  capabilities.effective = kept;
  capabilities.inheritable = kept;
  capabilities.ambient = kept;
  return capabilities;
}

}  // namespace

IsolationPlanner::IsolationPlanner(IsolationPolicy policy)
    : policy_(policy), native_support_(CheckNativeSupport()) {}

void IsolationPlanner::WarmUp() {
  if (!native_support_.ok()) return;
  IsolationPlan unused;
  // A failure is told when a task is launched.
  (void)AddPrivileges({}, {}, &unused);
}

absl::StatusOr<Executor> IsolationPlanner::Choose(
    const IsolationSpec& isolation) const {
  const Executor wanted = isolation.Resolved();
  if (wanted == Executor::kAuto) {
    if (native_support_.ok()) return Executor::kNative;
    return isolation.AsksForNative() ? absl::StatusOr<Executor>(native_support_)
                                     : Executor::kUniversal;
  }
  if (wanted == Executor::kNative && !native_support_.ok()) {
    return native_support_;
  }
  return wanted;
}

absl::StatusOr<uint32_t> IsolationPlanner::NamespacesOf(
    const IsolationSpec& isolation) const {
  uint32_t namespaces = CLONE_NEWNS | CLONE_NEWUTS;
  if (isolation.pid != NamespaceMode::kHost) namespaces |= CLONE_NEWPID;
  if (isolation.ipc != NamespaceMode::kHost) namespaces |= CLONE_NEWIPC;
  if (isolation.network == "none") namespaces |= CLONE_NEWNET;
  if (isolation.has_user_namespace()) namespaces |= CLONE_NEWUSER;
  if (isolation.cgroup == NamespaceMode::kPrivate && policy_.has_v1_cgroups) {
    return absl::FailedPreconditionError(
        "a cgroup namespace needs a host with cgroup v2 alone: leave "
        "cgroup-mode private out");
  }
  if (isolation.cgroup != NamespaceMode::kHost && !policy_.has_v1_cgroups) {
    namespaces |= CLONE_NEWCGROUP;
  }
  return namespaces;
}

absl::Status IsolationPlanner::AddPrivileges(const IsolationSpec& isolation,
                                             const Credentials& credentials,
                                             IsolationPlan* plan) {
  const absl::StatusOr<CapabilitySet> own = OwnCapabilities();
  if (!own.ok()) return own.status();
  const CapabilitySet allowed =
      policy_.allowed_capabilities.value_or(*own).And(*own);
  const absl::StatusOr<CapabilitySet> bounding = ResolveCapabilities(
      allowed, isolation.add_capabilities, isolation.drop_capabilities);
  if (!bounding.ok()) return bounding.status();
  const absl::StatusOr<CapabilitySet> added =
      ParseCapabilities(isolation.add_capabilities, allowed);
  if (!added.ok()) return added.status();
  plan->capabilities = Distribute(*bounding, *added, credentials.uid == 0);
  plan->has_session_keyring = true;
  plan->has_no_new_privileges = !isolation.allow_new_privileges;

  absl::StatusOr<std::string> label = LabelOf(isolation);
  if (!label.ok()) return label.status();
  plan->label = *std::move(label);
  if (isolation.seccomp == "unconfined") return absl::OkStatus();
  absl::StatusOr<SharedSeccompFilter> filter =
      isolation.seccomp.empty()
          ? filters_.Default(bounding->bits())
          : filters_.OfProfile(isolation.seccomp, bounding->bits());
  if (!filter.ok()) return filter.status();
  plan->filter = *std::move(filter);
  return absl::OkStatus();
}

absl::StatusOr<IsolationPlan> IsolationPlanner::ForTask(
    const IsolationSpec& isolation, const Credentials& credentials,
    const std::string& cwd) {
  IsolationPlan plan;
  const absl::StatusOr<uint32_t> namespaces = NamespacesOf(isolation);
  if (!namespaces.ok()) return namespaces.status();
  plan.new_namespaces = *namespaces;
  plan.has_init = (*namespaces & CLONE_NEWPID) != 0 && !isolation.no_init;
  plan.hostname = isolation.hostname;
  plan.uid_map = KernelText(isolation.uid_map);
  plan.gid_map = KernelText(isolation.gid_map);
  if (IsNetworkPath(isolation.network)) {
    absl::StatusOr<UniqueFd> network = OpenNetwork(isolation.network);
    if (!network.ok()) return network.status();
    plan.network = *std::move(network);
  }
  absl::Status status = AddPrivileges(isolation, credentials, &plan);
  if (!status.ok()) return status;

  absl::StatusOr<TaskDevices> devices = ResolveDevices(isolation.devices);
  if (!devices.ok()) return devices.status();
  absl::StatusOr<std::vector<RootStep>> steps =
      RootStepsOf(isolation, devices->nodes);
  if (!steps.ok()) return steps.status();
  plan.steps = *std::move(steps);
  plan.devices = std::move(devices->access);

  const RootSpec& root = isolation.root;
  if (root.directory.empty()) {
    plan.root_kind = RootKind::kHost;
    return plan;
  }
  plan.root_kind = root.no_pivot_root ? RootKind::kChroot : RootKind::kPivot;
  plan.root_is_read_only = root.read_only;
  plan.steps.push_back(
      MakeDirectoryStep(cwd, credentials.uid, credentials.gid));
  if (root.overlay) return plan;
  absl::StatusOr<UniqueFd> tree = CloneRoot(root.directory, root.read_only);
  if (!tree.ok()) return tree.status();
  plan.root = *std::move(tree);
  return plan;
}

absl::StatusOr<IsolationPlan> IsolationPlanner::ForCommand(
    const IsolationSpec& isolation, const Credentials& credentials,
    UniqueFd process, UniqueFd root) {
  IsolationPlan plan;
  const absl::StatusOr<uint32_t> namespaces = NamespacesOf(isolation);
  if (!namespaces.ok()) return namespaces.status();
  plan.join_namespaces = *namespaces;
  if (IsNetworkPath(isolation.network)) plan.join_namespaces |= CLONE_NEWNET;
  plan.join = std::move(process);
  plan.join_root = std::move(root);
  const absl::Status status = AddPrivileges(isolation, credentials, &plan);
  if (!status.ok()) return status;
  return plan;
}

absl::Status MountTaskRoot(const RootSpec& root, int state_dir_fd,
                           IsolationPlan* plan) {
  if (!root.overlay || plan->root_kind == RootKind::kInherited) {
    return absl::OkStatus();
  }
  const bool is_named = !root.overlay_directory.empty();
  const int base_fd = is_named ? AT_FDCWD : state_dir_fd;
  const std::string name = is_named ? root.overlay_directory : "overlay";
  if (mkdirat(base_fd, name.c_str(), kOverlayMode) != 0 && errno != EEXIST) {
    return ErrnoStatus(errno, absl::StrCat("make the overlay ", name));
  }
  const absl::StatusOr<UniqueFd> directory =
      OpenAt(base_fd, name, O_RDONLY | O_DIRECTORY);
  if (!directory.ok()) return directory.status();
  absl::StatusOr<UniqueFd> mount =
      MountOverlay(root.directory, directory->get());
  if (!mount.ok()) return mount.status();
  plan->root = *std::move(mount);
  return absl::OkStatus();
}

}  // namespace reeve
