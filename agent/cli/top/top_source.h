#ifndef REEVE_AGENT_CLI_TOP_TOP_SOURCE_H_
#define REEVE_AGENT_CLI_TOP_TOP_SOURCE_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/cli/agent_client.h"
#include "agent/cli/top/throttle_meter.h"
#include "agent/cli/top/top_sample.h"
#include "collectors/procfs/host_load.h"

namespace reeve {

// Asks the agent and the host, which are on one machine: the agent listens on
// a unix socket. A round is one List, which the agent answers from its latest
// snapshot, one ListGroups if groups are wanted, and one Inspect for the
// processes of a task. Thread-compatible.
class TopSource {
 public:
  TopSource(AgentAddress agent, const std::string& procfs);

  struct Request {
    absl::Time now;
    bool groups = false;
    // Of this task the processes; of none if empty.
    std::string processes_of;
  };

  // Connects if there is no connection, and again after one was lost: the agent
  // may be another by now. Waits 5 s for an answer at most.
  absl::StatusOr<TopSample> Take(const Request& request);

 private:
  absl::StatusOr<TopSample> Ask(const Request& request);
  absl::Status AddTasks(const Request& request, TopSample* sample);
  absl::Status AddGroups(TopSample* sample);
  absl::Status AddProcesses(const std::string& id, TopSample* sample);

  const AgentAddress agent_;
  const std::string procfs_;
  std::optional<AgentClient> client_;
  ThrottleMeter meter_;
  HostLoad host_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TOP_TOP_SOURCE_H_
