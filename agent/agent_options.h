#ifndef REEVE_AGENT_AGENT_OPTIONS_H_
#define REEVE_AGENT_AGENT_OPTIONS_H_

#include <string>

#include "absl/time/time.h"
#include "enforcement/cgroup/cpu_weight.h"

namespace reeve {

// What `reeve agent` is told by its flags.
struct AgentOptions {
  std::string state_dir = "/run/reeve";
  // Empty: STATE_DIR/reeve.sock.
  std::string socket;
  // HOST:PORT; empty serves no HTTP.
  std::string listen_address = "127.0.0.1:19100";
  std::string telemetry_path = "/metrics";
  // Absolute path below the roots of the cgroup hierarchies.
  std::string cgroup_parent = "/reeve";
  // How --cpu-shares become a cpu.weight on cgroup v2.
  CpuWeightMapping cpu_weight_mapping = CpuWeightMapping::kLinear;
  absl::Duration sample_interval = absl::Seconds(1);
  // How long a task may take to start.
  absl::Duration start_timeout = absl::Seconds(15);
  // Empty: reeve-shim beside the executable of this process, or in
  // ../enforcement/shim as Bazel lays it out.
  std::string shim_path;
  std::string procfs = "/proc";
  // debug, info, warn or error.
  std::string log_level = "info";
};

}  // namespace reeve

#endif  // REEVE_AGENT_AGENT_OPTIONS_H_
