#ifndef REEVE_COLLECTORS_CGROUPS_CGROUP_IDENTITY_H_
#define REEVE_COLLECTORS_CGROUPS_CGROUP_IDENTITY_H_

#include <string>

#include "absl/strings/string_view.h"

namespace reeve {

// What a cgroup is, as far as its path tells. What it does not tell is empty.
struct CgroupIdentity {
  // Of the cgroup itself: "root", "slice", "service", "scope", "container",
  // "pod", "machine" (a whole system in a container or a virtual machine),
  // "monitor" (the process that watches a container), or "other".
  std::string kind;
  // The next ones are of the cgroup or of what it is in, the innermost one:
  // a systemd service or scope, as systemctl has its name ("\x2d" and all).
  std::string unit;
  std::string slice;
  std::string scope;
  // Of a machine or an LXC container, its name.
  std::string container_id;
  // As Kubernetes has it, with dashes.
  std::string pod_id;
  // "docker", "podman", "containerd", "cri-o", "lxc", "systemd-nspawn", "qemu".
  std::string runtime;
};

// `path` is that below the root of the hierarchies, "/system.slice/a.service".
// A name that only looks as one of a container's may be taken for it: nothing
// but the path is asked. Thread-safe.
CgroupIdentity IdentifyCgroup(absl::string_view path);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUPS_CGROUP_IDENTITY_H_
