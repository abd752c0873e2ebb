#ifndef REEVE_AGENT_HTTP_HTTP_SERVER_H_
#define REEVE_AGENT_HTTP_HTTP_SERVER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/http/connection_limits.h"
#include "base/clock.h"
#include "collectors/snapshot_store.h"
#include "exporters/prometheus/agent_metrics.h"
#include "exporters/prometheus/page_source.h"

namespace reeve {

struct HttpServerOptions {
  // HOST:PORT, :PORT for every address, [IPV6]:PORT; port 0 takes a free one.
  std::string listen_address = "127.0.0.1:19100";
  // Where the metrics are. Starts with "/".
  std::string telemetry_path = "/metrics";
  // Serves TELEMETRY_PATH/cadvisor too: tasks under cAdvisor's names.
  bool has_cadvisor = false;
  // Of how connections are secured; empty for plain HTTP to everybody.
  std::string web_config_file;
  std::string version;
  // Of the page, beside the tasks and the agent; they must outlive the server.
  std::vector<const PageSource*> sources;
  ConnectionLimits limits;
};

// JSON of the tasks, as the control API would answer. Called on the server's
// thread: they must answer from memory and not wait for a task.
struct TaskJson {
  std::function<std::string()> list;
  // kNotFound if there is no such task.
  std::function<absl::StatusOr<std::string>(const std::string& id)> inspect;
  std::function<std::string()> groups;
  // The latest samples of a task, or group, behind `since`. kNotFound if there
  // is none of this name, or nothing is kept of it any more.
  using History = std::function<absl::StatusOr<std::string>(
      const std::string& name, absl::Time since)>;
  History task_history;
  History group_history;
};

// Shows what the agent knows, and never changes anything: /metrics, /-/healthy,
// /-/ready, / for people, /api/v1/tasks[/ID[/history]], and
// /api/v1/groups[/GROUP/history]. Everything is answered by one thread from the
// latest snapshots, so a scrape never waits for the kernel, and
// a slow client costs a connection but holds nobody up. Start() and Stop()
// belong to one thread.
class HttpServer {
 public:
  // `store`, `metrics` and `clock` must outlive the server.
  HttpServer(HttpServerOptions options, SnapshotStore& store,
             AgentMetrics& metrics, const Clock& clock, TaskJson json);
  // Stops it.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Listens and answers. One line that names the address, or the web
  // configuration, and says why if that cannot be: in use, malformed, unknown
  // host, no permission.
  absl::Status Start();

  // Closes every connection. Start() may not be called again.
  void Stop();

  // The port listened on; 0 before Start().
  int port() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_HTTP_SERVER_H_
