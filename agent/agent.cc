#include "agent/agent.h"

#include <fcntl.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/server_posix.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/cli/json_output.h"
#include "agent/open_files_limit.h"
#include "agent/priority.h"
#include "agent/shim_path.h"
#include "agent/version.h"
#include "enforcement/cgroup/cgroup_parent.h"
#include "glog/logging.h"

namespace reeve {
namespace {

// Calls that block a thread each: launches, stops and streams of statistics.
constexpr int kMaxServerThreads = 256;
constexpr absl::Duration kShutdownGrace = absl::Seconds(1);

std::string SocketPath(const AgentOptions& options) {
  return options.socket.empty() ? absl::StrCat(options.state_dir, "/reeve.sock")
                                : options.socket;
}

BuildDescription ThisBuild() {
  return {kVersion, kRevision, absl::StrCat("g++ ", __VERSION__)};
}

TaskSupervisor::Options SupervisorOptions(const AgentOptions& options) {
  TaskSupervisor::Options supervisor;
  supervisor.cgroup_parent = options.cgroup_parent;
  supervisor.task_nofile = RaiseOpenFilesLimit();
  supervisor.task_nice = RaisePriority();
  supervisor.cpu_weight_mapping = options.cpu_weight_mapping;
  return supervisor;
}

void StartLogging(const AgentOptions& options) {
  FLAGS_logtostderr = true;
  FLAGS_minloglevel = options.log_level == "error"  ? google::GLOG_ERROR
                      : options.log_level == "warn" ? google::GLOG_WARNING
                                                    : google::GLOG_INFO;
  FLAGS_v = options.log_level == "debug" ? 1 : 0;
  google::InitGoogleLogging("reeve");
}

}  // namespace

Agent::Agent(AgentOptions options, bool is_local, StateDirectory state,
             CgroupMounts mounts, std::string shim_path)
    : options_(std::move(options)),
      is_local_(is_local),
      state_(std::move(state)),
      mounts_(std::move(mounts)),
      controller_(mounts_),
      metrics_(ThisBuild(), clock_, options_.procfs),
      observer_(metrics_),
      sampler_(SamplerOptions{options_.sample_interval, absl::Seconds(5),
                              absl::Seconds(60), options_.procfs},
               clock_, store_, metrics_),
      launcher_({std::move(shim_path), options_.start_timeout}),
      supervisor_({&clock_, &mounts_, &controller_, &sampler_, &launcher_,
                   &state_, &observer_},
                  SupervisorOptions(options_)),
      service_({&supervisor_, &sampler_, &store_, &stash_,
                options_.sample_interval}) {}

absl::StatusOr<std::unique_ptr<Agent>> Agent::Create(AgentOptions options,
                                                     bool is_local) {
  absl::StatusOr<std::string> shim = FindShim(options.shim_path);
  if (!shim.ok()) return shim.status();
  absl::StatusOr<CgroupMounts> mounts = CgroupMounts::Discover(options.procfs);
  if (!mounts.ok()) return mounts.status();
  absl::StatusOr<StateDirectory> state =
      StateDirectory::Open(options.state_dir);
  if (!state.ok()) return state.status();
  return std::unique_ptr<Agent>(new Agent(std::move(options), is_local,
                                          *std::move(state), *std::move(mounts),
                                          *std::move(shim)));
}

absl::StatusOr<std::unique_ptr<Agent>> Agent::Start(
    const AgentOptions& options) {
  absl::StatusOr<std::unique_ptr<Agent>> agent =
      Create(options, /*is_local=*/false);
  if (!agent.ok()) return agent.status();
  // Ports and sockets first: they are what is most often wrong.
  absl::Status status = (*agent)->StartHttp();
  if (status.ok()) status = (*agent)->StartTasks();
  if (status.ok()) status = (*agent)->StartControl();
  if (!status.ok()) return status;
  return agent;
}

absl::StatusOr<std::unique_ptr<Agent>> Agent::StartLocal(AgentOptions options) {
  absl::StrAppend(&options.state_dir, "/local-", getpid());
  absl::StatusOr<std::unique_ptr<Agent>> agent =
      Create(std::move(options), /*is_local=*/true);
  if (!agent.ok()) return agent.status();
  const absl::Status status = (*agent)->StartTasks();
  if (!status.ok()) return status;
  return agent;
}

Agent::~Agent() {
  if (listener_ != nullptr) listener_->Stop();
  if (server_ != nullptr) {
    server_->Shutdown(absl::ToChronoTime(absl::Now() + kShutdownGrace));
  }
  if (http_ != nullptr) http_->Stop();
  supervisor_.Stop();
  sampler_.Stop();
  RemoveParentIfEmpty(mounts_, options_.cgroup_parent);
  if (is_local_) state_.RemoveIfEmpty();
}

absl::Status Agent::StartTasks() {
  sampler_.Start();
  absl::Status status = supervisor_.Start();
  if (!status.ok()) return status;
  metrics_.SetTaskCounts([this] {
    const TaskRegistry::Counts counts = supervisor_.Count();
    return TaskCounts{counts.starting, counts.running, counts.exited};
  });

  grpc::ServerBuilder builder;
  builder.RegisterService(&service_);
  grpc::ResourceQuota quota("control");
  quota.SetMaxThreads(kMaxServerThreads);
  builder.SetResourceQuota(quota);
  // One poller is enough for a control socket, and spares idle threads.
  builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::MIN_POLLERS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS, 2);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) return absl::InternalError("gRPC did not start");
  return absl::OkStatus();
}

absl::Status Agent::StartControl() {
  listener_ =
      std::make_unique<ControlListener>(stash_, [this](UniqueFd connection) {
        grpc::AddInsecureChannelFromFd(server_.get(), connection.Release());
      });
  return listener_->Start(SocketPath(options_));
}

absl::Status Agent::StartHttp() {
  if (options_.listen_address.empty()) return absl::OkStatus();
  HttpServerOptions http;
  http.listen_address = options_.listen_address;
  http.telemetry_path = options_.telemetry_path;
  http.version = kVersion;
  TaskJson json;
  json.list = [this] {
    return MessageToJson(service_.ListTasks(), JsonLayout::kIndented);
  };
  json.inspect = [this](const std::string& id) -> absl::StatusOr<std::string> {
    const absl::StatusOr<v1::InspectResponse> task = service_.InspectTask(id);
    if (!task.ok()) return task.status();
    return MessageToJson(*task, JsonLayout::kIndented);
  };
  http_ = std::make_unique<HttpServer>(std::move(http), store_, metrics_,
                                       clock_, std::move(json));
  return http_->Start();
}

std::shared_ptr<grpc::Channel> Agent::InProcessChannel() {
  return server_->InProcessChannel(grpc::ChannelArguments());
}

std::string Agent::StashStreams(HandedStreams streams) {
  return stash_.Put(std::move(streams));
}

int RunAgent(const AgentOptions& options) {
  StartLogging(options);
  // Blocked before any thread starts, so that only sigwait() below takes them.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGHUP, SIG_IGN);
  // A task must not read the agent's memory by way of /proc.
  prctl(PR_SET_DUMPABLE, 0);

  absl::StatusOr<std::unique_ptr<Agent>> agent = Agent::Start(options);
  if (!agent.ok()) {
    std::fprintf(stderr, "reeve: agent: %s\n",
                 std::string(agent.status().message()).c_str());
    return 125;
  }
  LOG(INFO) << "serving on " << SocketPath(options)
            << (options.listen_address.empty()
                    ? ""
                    : absl::StrCat(" and http://", options.listen_address));
  int signal = 0;
  sigwait(&ends, &signal);
  LOG(INFO) << "ending on signal " << signal << "; tasks go on";
  return 0;
}

}  // namespace reeve
