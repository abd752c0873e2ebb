#include "agent/api/native_convert.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

NamespaceMode ModeFromProto(v1::NamespaceMode mode) {
  switch (mode) {
    case v1::NAMESPACE_MODE_PRIVATE:
      return NamespaceMode::kPrivate;
    case v1::NAMESPACE_MODE_HOST:
      return NamespaceMode::kHost;
    default:
      return NamespaceMode::kDefault;
  }
}

v1::NamespaceMode ToProto(NamespaceMode mode) {
  switch (mode) {
    case NamespaceMode::kPrivate:
      return v1::NAMESPACE_MODE_PRIVATE;
    case NamespaceMode::kHost:
      return v1::NAMESPACE_MODE_HOST;
    case NamespaceMode::kDefault:
      break;
  }
  return v1::NAMESPACE_MODE_DEFAULT;
}

RootSpec RootFromProto(const v1::Root& message) {
  RootSpec root;
  root.directory = message.directory();
  root.read_only = message.read_only();
  root.overlay = message.overlay();
  root.overlay_directory = message.overlay_directory();
  root.no_pivot_root = message.no_pivot_root();
  return root;
}

v1::Root ToProto(const RootSpec& root) {
  v1::Root message;
  message.set_directory(root.directory);
  message.set_read_only(root.read_only);
  message.set_overlay(root.overlay);
  message.set_overlay_directory(root.overlay_directory);
  message.set_no_pivot_root(root.no_pivot_root);
  return message;
}

absl::StatusOr<MountSpec> MountFromProto(const v1::Mount& message) {
  MountSpec mount;
  if (message.type() == "tmpfs") {
    mount.kind = MountKind::kTmpfs;
  } else if (message.type() != "bind") {
    return absl::InvalidArgumentError(
        absl::StrCat("mount on ", message.target(), ": type is bind or tmpfs"));
  }
  const absl::StatusOr<Propagation> propagation =
      ParsePropagation(message.propagation());
  if (!propagation.ok()) return propagation.status();
  mount.propagation = *propagation;
  mount.source = message.source();
  mount.target = message.target();
  mount.read_only = message.read_only();
  mount.no_exec = message.no_exec();
  mount.no_suid = message.no_suid();
  mount.no_dev = message.no_dev();
  mount.size = message.size_bytes();
  if (message.has_mode()) mount.mode = message.mode();
  return mount;
}

absl::StatusOr<DeviceSpec> DeviceFromProto(const v1::Device& message) {
  DeviceSpec device;
  device.host_path = message.host_path();
  device.task_path =
      message.task_path().empty() ? message.host_path() : message.task_path();
  const std::string permissions =
      message.permissions().empty() ? "rwm" : message.permissions();
  absl::Status status = ParseDevicePermissions(permissions, &device);
  if (!status.ok()) return status;
  return device;
}

using IdMappings = google::protobuf::RepeatedPtrField<v1::IdMapping>;

IdMap MapFromProto(const IdMappings& message) {
  IdMap map;
  for (const v1::IdMapping& each : message) {
    map.push_back({each.inside(), each.outside(), each.count()});
  }
  return map;
}

void MapToProto(const IdMap& map, IdMappings* message) {
  for (const IdMapping& each : map) {
    v1::IdMapping* const added = message->Add();
    added->set_inside(each.inside);
    added->set_outside(each.outside);
    added->set_count(each.count);
  }
}

}  // namespace

v1::Mount ToProto(const MountSpec& mount) {
  v1::Mount message;
  const bool is_tmpfs = mount.kind == MountKind::kTmpfs;
  message.set_type(is_tmpfs ? "tmpfs" : "bind");
  message.set_source(mount.source);
  message.set_target(mount.target);
  message.set_read_only(mount.read_only);
  message.set_no_exec(mount.no_exec);
  message.set_no_suid(mount.no_suid);
  message.set_no_dev(mount.no_dev);
  if (mount.propagation != Propagation::kPrivate) {
    message.set_propagation(PropagationText(mount.propagation));
  }
  message.set_size_bytes(mount.size);
  if (is_tmpfs) message.set_mode(mount.mode);
  return message;
}

v1::Device ToProto(const DeviceSpec& device) {
  v1::Device message;
  message.set_host_path(device.host_path);
  message.set_task_path(device.task_path);
  message.set_permissions(DevicePermissionsText(device));
  return message;
}

absl::StatusOr<IsolationSpec> IsolationFromProto(const v1::TaskSpec& message) {
  const absl::StatusOr<Executor> executor = ParseExecutor(message.isolation());
  if (!executor.ok()) return executor.status();
  const v1::Native& native = message.native();
  IsolationSpec isolation;
  isolation.executor = *executor;
  isolation.root = RootFromProto(native.root());
  isolation.pid = ModeFromProto(native.pid());
  isolation.ipc = ModeFromProto(native.ipc());
  isolation.cgroup = ModeFromProto(native.cgroup());
  isolation.no_init = native.no_init();
  isolation.network = native.network();
  isolation.hostname = native.hostname();
  for (const v1::Mount& each : native.mounts()) {
    absl::StatusOr<MountSpec> mount = MountFromProto(each);
    if (!mount.ok()) return mount.status();
    isolation.mounts.push_back(*std::move(mount));
  }
  for (const v1::Device& each : native.devices()) {
    absl::StatusOr<DeviceSpec> device = DeviceFromProto(each);
    if (!device.ok()) return device.status();
    isolation.devices.push_back(*std::move(device));
  }
  isolation.add_capabilities.assign(native.add_capabilities().begin(),
                                    native.add_capabilities().end());
  isolation.drop_capabilities.assign(native.drop_capabilities().begin(),
                                     native.drop_capabilities().end());
  isolation.uid_map = MapFromProto(native.uid_map());
  isolation.gid_map = MapFromProto(native.gid_map());
  isolation.allow_new_privileges = native.allow_new_privileges();
  isolation.seccomp = native.seccomp();
  isolation.apparmor_profile = native.apparmor_profile();
  isolation.selinux_label = native.selinux_label();
  return isolation;
}

void IsolationToProto(const IsolationSpec& isolation, v1::TaskSpec* message) {
  message->set_isolation(ExecutorText(isolation.Resolved()));
  if (!isolation.AsksForNative()) return;
  v1::Native* const native = message->mutable_native();
  if (!isolation.root.directory.empty()) {
    *native->mutable_root() = ToProto(isolation.root);
  }
  native->set_pid(ToProto(isolation.pid));
  native->set_ipc(ToProto(isolation.ipc));
  native->set_cgroup(ToProto(isolation.cgroup));
  native->set_no_init(isolation.no_init);
  native->set_network(isolation.network);
  native->set_hostname(isolation.hostname);
  for (const MountSpec& mount : isolation.mounts) {
    *native->add_mounts() = ToProto(mount);
  }
  for (const DeviceSpec& device : isolation.devices) {
    *native->add_devices() = ToProto(device);
  }
  for (const std::string& name : isolation.add_capabilities) {
    native->add_add_capabilities(name);
  }
  for (const std::string& name : isolation.drop_capabilities) {
    native->add_drop_capabilities(name);
  }
  MapToProto(isolation.uid_map, native->mutable_uid_map());
  MapToProto(isolation.gid_map, native->mutable_gid_map());
  native->set_allow_new_privileges(isolation.allow_new_privileges);
  native->set_seccomp(isolation.seccomp);
  native->set_apparmor_profile(isolation.apparmor_profile);
  native->set_selinux_label(isolation.selinux_label);
}

}  // namespace reeve
