#ifndef REEVE_AGENT_AGENT_H_
#define REEVE_AGENT_AGENT_H_

#include <grpcpp/channel.h>
#include <grpcpp/server.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "agent/agent_options.h"
#include "agent/api/task_service.h"
#include "agent/control/control_listener.h"
#include "agent/control/peer_rules.h"
#include "agent/control/stdio_stash.h"
#include "agent/enforcement_watch.h"
#include "agent/events/event_feed.h"
#include "agent/events/event_log.h"
#include "agent/events/event_recorder.h"
#include "agent/events/sample_events.h"
#include "agent/host_collectors.h"
#include "agent/http/http_server.h"
#include "agent/metrics_observer.h"
#include "agent/policy/policy_runner.h"
#include "agent/policy/policy_source.h"
#include "agent/policy/supervised_tasks.h"
#include "agent/state/state_directory.h"
#include "agent/task_files/task_files.h"
#include "agent/task_files_report.h"
#include "agent/tasks/handed_streams.h"
#include "agent/tasks/task_observers.h"
#include "agent/tasks/task_supervisor.h"
#include "agent/textfile_writer.h"
#include "base/system_clock.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/sampler.h"
#include "collectors/snapshot_store.h"
#include "enforcement/cgroup/libcgroup_controller.h"
#include "enforcement/launch/launcher.h"
#include "exporters/prometheus/agent_metrics.h"

namespace reeve {

// All parts of an agent, in the order in which they need each other; they end
// in the reverse. Tasks outlive it.
class Agent {
 public:
  // Starts everything, or nothing. The error is one line that says what to
  // change: a port or socket in use, another agent on the state directory.
  static absl::StatusOr<std::unique_ptr<Agent>> Start(
      const AgentOptions& options);

  // The same inside a client, for the life of one task: no socket and no HTTP.
  // Its state directory is one of its own and goes with it.
  static absl::StatusOr<std::unique_ptr<Agent>> StartLocal(
      AgentOptions options);

  ~Agent();
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  // The control API without a socket.
  std::shared_ptr<grpc::Channel> InProcessChannel();

  // Keeps standard streams for a launch; returns the token for it.
  std::string StashStreams(HandedStreams streams);

 private:
  static absl::StatusOr<std::unique_ptr<Agent>> Create(AgentOptions options,
                                                       bool is_local);

  Agent(AgentOptions options, bool is_local, StateDirectory state,
        CgroupMounts mounts, std::string shim_path, PeerRules peer_rules,
        std::unique_ptr<PolicySource> policy);

  absl::Status StartHost();
  absl::Status StartTasks();
  absl::Status StartControl();
  absl::Status StartHttp();
  absl::Status StartTextfile();
  // If it has one.
  void StartPolicy();
  void StartTaskFiles();
  // Whether a task of that id was made by the directory of specs, and failed.
  bool TaskOfFilesHasFailed(const std::string& id) const;

  // For the HTTP API. `kind` is "task" or "group", `measured_id` what `name` is
  // to the sampler.
  absl::StatusOr<std::string> History(absl::string_view kind,
                                      const std::string& name,
                                      const std::string& measured_id,
                                      absl::Time since) const;

  const AgentOptions options_;
  const bool is_local_;
  const PeerRules peer_rules_;
  SystemClock clock_;
  StateDirectory state_;
  CgroupMounts mounts_;
  // Of the parent and those above it: what the agent removes in the end.
  const std::vector<std::string> missing_parents_;
  LibcgroupController controller_;
  SnapshotStore store_;
  AgentMetrics metrics_;
  EnforcementWatch watch_;
  EventLog events_;
  EventFeed event_feed_;
  MetricsObserver metrics_observer_;
  EventRecorder recorder_;
  TaskObservers observer_;
  SampleEvents sample_events_;
  Sampler sampler_;
  HostCollectors host_;
  Launcher launcher_;
  TaskSupervisor supervisor_;
  SupervisedTasks policy_tasks_;
  // Until the runner has it.
  std::unique_ptr<PolicySource> policy_source_;
  std::unique_ptr<PolicyRunner> policy_;
  StdioStash stash_;
  TaskService service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<ControlListener> listener_;
  std::unique_ptr<HttpServer> http_;
  std::unique_ptr<TextfileWriter> textfile_;
  TaskFilesReport task_files_report_;
  std::unique_ptr<TaskFiles> task_files_;
};

// `reeve agent`: runs until SIGINT or SIGTERM. Returns the exit code, 125 with
// one line on stderr if it could not start.
int RunAgent(const AgentOptions& options);

}  // namespace reeve

#endif  // REEVE_AGENT_AGENT_H_
