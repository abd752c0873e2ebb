#ifndef REEVE_ENFORCEMENT_LAUNCH_ISOLATION_PLAN_H_
#define REEVE_ENFORCEMENT_LAUNCH_ISOLATION_PLAN_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "enforcement/launch/seccomp_filter.h"
#include "enforcement/shim/plan_format.h"
#include "enforcement/spec/device_access.h"

namespace reeve {

// One thing that the shim makes in the root of a task: see PlanRootStep.
struct RootStep {
  RootStepKind kind = RootStepKind::kDirectory;
  UniqueFd fd;
  uint32_t target_flags = 0;
  uint32_t attributes = 0;
  uint32_t mode = 0;
  uint32_t uid = 0;
  uint32_t gid = 0;
  uint64_t device = 0;
  // In the task's root.
  std::string target;
  std::string text;
};

// The file system, namespaces and privileges of a task, with everything
// resolved; see PlanIsolation. The default has none of its own.
struct IsolationPlan {
  RootKind root_kind = RootKind::kInherited;
  UniqueFd root;
  bool root_is_read_only = false;
  std::vector<RootStep> steps;
  // Of the cgroup, before anything enters it; nullopt: any.
  std::optional<std::vector<DeviceAccess>> devices;
  uint32_t new_namespaces = 0;
  bool has_init = false;
  UniqueFd network;
  std::string hostname;

  UniqueFd join;
  uint32_t join_namespaces = 0;
  UniqueFd join_root;

  bool has_session_keyring = false;
  std::optional<PlanCapabilities> capabilities;
  bool has_no_new_privileges = false;
  std::shared_ptr<const SeccompFilter> filter;
  std::string label;
  // Of a new user namespace, as the kernel takes them.
  std::string uid_map;
  std::string gid_map;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_ISOLATION_PLAN_H_
