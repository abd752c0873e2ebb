#include "agent/cli/native_flags.h"

#include <functional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "agent/api/native_convert.h"
#include "agent/cli/path.h"
#include "base/file.h"

namespace reeve {
namespace {

// A field of the spec, found when it is set: reading a spec file replaces all
// of them.
using TextField = std::function<std::string*()>;

FlagSet::Setter Text(TextField field) {
  return [field = std::move(field)](const std::string& text) {
    *field() = text;
    return absl::OkStatus();
  };
}

FlagSet::Setter Path(TextField field) {
  return [field = std::move(field)](const std::string& text) {
    absl::StatusOr<std::string> path = AbsolutePath(text);
    if (!path.ok()) return path.status();
    *field() = *std::move(path);
    return absl::OkStatus();
  };
}

FlagSet::Setter Mode(std::function<void(v1::NamespaceMode)> set) {
  return [set = std::move(set)](const std::string& text) {
    if (text == "private") {
      set(v1::NAMESPACE_MODE_PRIVATE);
    } else if (text == "host") {
      set(v1::NAMESPACE_MODE_HOST);
    } else {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", text, "\" is neither private nor host"));
    }
    return absl::OkStatus();
  };
}

FlagSet::Setter Names(std::function<void(const std::string&)> add) {
  return [add = std::move(add)](const std::string& text) {
    for (const absl::string_view name : absl::StrSplit(text, ',')) {
      add(std::string(name));
    }
    return absl::OkStatus();
  };
}

absl::Status AddMount(const std::string& text, v1::Native* native) {
  const absl::StatusOr<MountSpec> mount = ParseMount(text);
  if (!mount.ok()) return mount.status();
  *native->add_mounts() = ToProto(*mount);
  return absl::OkStatus();
}

absl::Status AddDevice(const std::string& text, v1::Native* native) {
  const absl::StatusOr<DeviceSpec> device = ParseDevice(text);
  if (!device.ok()) return device.status();
  *native->add_devices() = ToProto(*device);
  return absl::OkStatus();
}

absl::Status AddMapping(const std::string& text, v1::IdMapping* added) {
  const absl::StatusOr<IdMapping> mapping = ParseIdMapping(text);
  if (!mapping.ok()) return mapping.status();
  added->set_inside(mapping->inside);
  added->set_outside(mapping->outside);
  added->set_count(mapping->count);
  return absl::OkStatus();
}

// The profile itself goes to the agent, which may not see the same files.
absl::Status SetSeccomp(const std::string& text, v1::Native* native) {
  if (text == "default" || text == "unconfined") {
    native->set_seccomp(text == "default" ? "" : text);
    return absl::OkStatus();
  }
  absl::StatusOr<std::string> profile = ReadFile(text);
  if (!profile.ok()) return profile.status();
  if (profile->empty()) {
    return absl::InvalidArgumentError(absl::StrCat(text, ": is empty"));
  }
  native->set_seccomp(*std::move(profile));
  return absl::OkStatus();
}

void AddRootFlags(FlagSet* flags, v1::TaskSpec* spec,
                  NativeSwitches* switches) {
  flags->AddValue(
      "--rootfs", "DIR", "What it sees as \"/\" [the host's]", Path([spec] {
        return spec->mutable_native()->mutable_root()->mutable_directory();
      }));
  flags->AddSwitch("--read-only", "It cannot change that root",
                   &switches->read_only);
  flags->AddSwitch("--rootfs-overlay",
                   "What it changes goes to a layer over that root, which goes "
                   "with the task",
                   &switches->overlay);
  flags->AddValue("--overlay-dir", "DIR",
                  "Keep that layer here, with --rootfs-overlay", Path([spec] {
                    return spec->mutable_native()
                        ->mutable_root()
                        ->mutable_overlay_directory();
                  }));
  flags->AddSwitch("--no-pivot-root",
                   "chroot in place of pivot_root, for a host that runs from a "
                   "ramdisk",
                   &switches->no_pivot_root);
  flags->AddList(
      "--mount", "type=bind,src=DIR,dst=DIR,...",
      "A mount in its root: of type bind or tmpfs, with ro, noexec, nosuid, "
      "nodev, propagation=private|host-to-task|bidirectional, size=, mode=; "
      "may "
      "be repeated",
      [spec](const std::string& text) {
        return AddMount(text, spec->mutable_native());
      });
  flags->AddList("--device", "HOST[:TASK][:rwm]",
                 "A device that it may use beside the default ones; may be "
                 "repeated",
                 [spec](const std::string& text) {
                   return AddDevice(text, spec->mutable_native());
                 });
}

void AddNamespaceFlags(FlagSet* flags, v1::TaskSpec* spec,
                       NativeSwitches* switches) {
  flags->AddValue("--pid-mode", "private|host",
                  "Whether it sees its own processes alone [private]",
                  Mode([spec](v1::NamespaceMode mode) {
                    spec->mutable_native()->set_pid(mode);
                  }));
  flags->AddSwitch("--no-init",
                   "The program itself is process 1, and reaps [reeve's]",
                   &switches->no_init);
  flags->AddValue("--ipc-mode", "private|host",
                  "System V IPC and message queues [private]",
                  Mode([spec](v1::NamespaceMode mode) {
                    spec->mutable_native()->set_ipc(mode);
                  }));
  flags->AddValue("--cgroup-mode", "private|host",
                  "Whether its cgroup is the root of those it sees [private on "
                  "cgroup v2, host elsewhere]",
                  Mode([spec](v1::NamespaceMode mode) {
                    spec->mutable_native()->set_cgroup(mode);
                  }));
  const auto add_map = [flags, spec](const char* name, const char* what,
                                     auto field) {
    flags->AddList(name, "INSIDE:OUTSIDE:COUNT",
                   absl::StrCat(what,
                                " of a user namespace of its own: with the "
                                "other, as 0:100000:65536; may be repeated"),
                   [spec, field](const std::string& text) {
                     return AddMapping(text,
                                       (spec->mutable_native()->*field)());
                   });
  };
  add_map("--uid-map", "Users", &v1::Native::add_uid_map);
  add_map("--gid-map", "Groups", &v1::Native::add_gid_map);
  flags->AddValue(
      "--network", "host|none|PATH",
      "The host's, loopback alone, or a network namespace [host]",
      Text([spec] { return spec->mutable_native()->mutable_network(); }));
  flags->AddValue(
      "--hostname", "NAME", "Its host name [the host's]",
      Text([spec] { return spec->mutable_native()->mutable_hostname(); }));
}

void AddPrivilegeFlags(FlagSet* flags, v1::TaskSpec* spec,
                       NativeSwitches* switches) {
  flags->AddList(
      "--cap-add", "NAME,...",
      "Capabilities beside the default ones, or ALL; may be repeated",
      Names([spec](const std::string& name) {
        spec->mutable_native()->add_add_capabilities(name);
      }));
  flags->AddList("--cap-drop", "NAME,...",
                 "Capabilities that it has not, or ALL; may be repeated",
                 Names([spec](const std::string& name) {
                   spec->mutable_native()->add_drop_capabilities(name);
                 }));
  flags->AddSwitch("--new-privileges",
                   "Let set-user-ID programs count [they do not]",
                   &switches->new_privileges);
  flags->AddValue("--seccomp", "default|unconfined|FILE",
                  "Filter of system calls: a file has a profile in the OCI's "
                  "JSON [default]",
                  [spec](const std::string& text) {
                    return SetSeccomp(text, spec->mutable_native());
                  });
  flags->AddValue("--apparmor", "PROFILE", "AppArmor profile [none]",
                  Text([spec] {
                    return spec->mutable_native()->mutable_apparmor_profile();
                  }));
  flags->AddValue(
      "--selinux-label", "CONTEXT", "SELinux context [none]",
      Text([spec] { return spec->mutable_native()->mutable_selinux_label(); }));
}

}  // namespace

void AddNativeFlags(FlagSet* flags, v1::TaskSpec* spec,
                    NativeSwitches* switches) {
  flags->BeginGroup("Root, namespaces and privileges of its own (native)");
  AddRootFlags(flags, spec, switches);
  AddNamespaceFlags(flags, spec, switches);
  AddPrivilegeFlags(flags, spec, switches);
}

void ApplyNativeSwitches(const NativeSwitches& switches, v1::TaskSpec* spec) {
  if (switches.read_only) {
    spec->mutable_native()->mutable_root()->set_read_only(true);
  }
  if (switches.overlay) {
    spec->mutable_native()->mutable_root()->set_overlay(true);
  }
  if (switches.no_pivot_root) {
    spec->mutable_native()->mutable_root()->set_no_pivot_root(true);
  }
  if (switches.no_init) spec->mutable_native()->set_no_init(true);
  if (switches.new_privileges) {
    spec->mutable_native()->set_allow_new_privileges(true);
  }
}

}  // namespace reeve
