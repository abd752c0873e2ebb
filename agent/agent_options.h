#ifndef REEVE_AGENT_AGENT_OPTIONS_H_
#define REEVE_AGENT_AGENT_OPTIONS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "agent/cgroups_options.h"
#include "agent/host_options.h"
#include "agent/processes_settings.h"
#include "agent/task_files/task_files_options.h"
#include "agent/tasks/launch_policy.h"
#include "collectors/collector_set.h"
#include "enforcement/cgroup/cpu_weight.h"

namespace reeve {

// What `reeve agent` is told by its flags.
struct AgentOptions {
  // Empty: that of the command line's environment.
  std::string state_dir;
  // Ends the agent that has the state directory, and goes on in its place.
  bool take_over = false;
  // Empty: STATE_DIR/reeve.sock.
  std::string socket;
  // Names or numbers of who may use the socket beside root and the agent's
  // user; both empty: whoever the mode 0660 lets connect.
  std::vector<std::string> allow_users;
  std::vector<std::string> allow_groups;
  // HOST:PORT; empty serves no HTTP.
  std::string listen_address = "127.0.0.1:19100";
  std::string telemetry_path = "/metrics";
  // Serves tasks under cAdvisor's names, too.
  bool web_compat_cadvisor = false;
  // How HTTP is secured; empty: not at all.
  std::string web_config_file;
  // A file that is kept with the metrics; empty: none.
  std::string textfile_path;
  // Between two of its contents; 0: as often as there are samples.
  absl::Duration textfile_interval;
  // Absolute path below the roots of the cgroup hierarchies. Empty: /reeve, or
  // reeve below the agent's own cgroup if that was delegated to it.
  std::string cgroup_parent;
  // How --cpu-shares become a cpu.weight on cgroup v2.
  CpuWeightMapping cpu_weight_mapping = CpuWeightMapping::kLinear;
  absl::Duration sample_interval = absl::Seconds(1);
  // Between two readings of what costs much; absent: as often as samples are
  // taken, and not more than once a second.
  std::optional<absl::Duration> detail_interval;
  // Between two looks at the processes of a task.
  absl::Duration process_interval = absl::Seconds(5);
  // What is measured beyond what always is.
  CollectorSet collectors;
  CgroupsOptions cgroups;
  HostOptions host;
  // What is measured of the host beside the tasks.
  ProcessesSettings processes;
  // How long a task may take to start.
  absl::Duration start_timeout = absl::Seconds(15);
  // Empty: reeve-shim beside the executable of this process, or in
  // ../enforcement/shim as Bazel lays it out.
  std::string shim_path;
  std::string procfs = "/proc";
  // Rules by which the agent acts on what it measures; empty: none.
  std::string policy_file;
  // What no task gets.
  LaunchPolicy launch;
  TaskFilesOptions task_files;
  // debug, info, warn or error.
  std::string log_level = "info";
};

}  // namespace reeve

#endif  // REEVE_AGENT_AGENT_OPTIONS_H_
