#include "agent/agent.h"

#include <fcntl.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/server_posix.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/api/channel_arguments.h"
#include "agent/cgroup_settlement.h"
#include "agent/cgroups_collection.h"
#include "agent/cli/json_output.h"
#include "agent/http/history_json.h"
#include "agent/machine_collectors.h"
#include "agent/open_files_limit.h"
#include "agent/policy/policy_host.h"
#include "agent/priority.h"
#include "agent/processes_collection.h"
#include "agent/service_notice.h"
#include "agent/shim_path.h"
#include "agent/state/state_owner.h"
#include "agent/task_files/reconciler.h"
#include "agent/tasks/task_failure.h"
#include "agent/version.h"
#include "enforcement/cgroup/cgroup_parent.h"
#include "enforcement/cgroup/group_cgroup.h"
#include "enforcement/launch/native_support.h"
#include "enforcement/spec/isolation.h"
#include "enforcement/spec/task_spec.h"
#include "glog/logging.h"

namespace reeve {
namespace {

// For calls that end soon, such as launches, updates and lists.
constexpr int kMaxServerThreads = 256;
// Of one message: a task's whole command and environment, and more.
constexpr int kMaxMessageBytes = 1 << 20;
// Calls under way on one connection: a scheduler waits for each of its tasks on
// one, and goes on with other calls.
constexpr int kMaxStreams = 4096;
// Of the agent before, to end.
constexpr absl::Duration kTakeOverTimeout = absl::Seconds(15);
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
  supervisor.launch = options.launch;
  if (options.collectors.io) supervisor.counting_controllers = {"io"};
  if (options.collectors.hugetlb) {
    supervisor.counting_controllers.emplace_back("hugetlb");
  }
  return supervisor;
}

absl::Duration DetailInterval(const AgentOptions& options) {
  return options.detail_interval.value_or(
      std::max(options.sample_interval, absl::Seconds(1)));
}

// Null if it is told of none.
absl::StatusOr<std::unique_ptr<PolicySource>> OpenPolicy(
    const AgentOptions& options, const CgroupMounts& mounts) {
  if (options.policy_file.empty()) return nullptr;
  const CgroupHierarchy* const memory = mounts.Find("memory");
  PolicyHost host;
  host.has_memory_high =
      memory != nullptr && memory->version == CgroupVersion::kV2;
  host.has_pressure = options.collectors.pressure;
  return PolicySource::Open(options.policy_file, host);
}

SamplerOptions SamplerOptionsOf(const AgentOptions& options) {
  SamplerOptions sampler;
  sampler.interval = options.sample_interval;
  sampler.detail_interval = DetailInterval(options);
  sampler.process_interval = options.process_interval;
  sampler.procfs = options.procfs;
  sampler.collectors = options.collectors;
  return sampler;
}

void StartLogging(const AgentOptions& options) {
  FLAGS_logtostderr = true;
  FLAGS_minloglevel = options.log_level == "error"  ? google::GLOG_ERROR
                      : options.log_level == "warn" ? google::GLOG_WARNING
                                                    : google::GLOG_INFO;
  FLAGS_v = options.log_level == "debug" ? 1 : 0;
  google::InitGoogleLogging("reeve");
}

// A manager that waits for "READY=1" in vain says so itself.
void TellServiceManager(const std::string& state) {
  const absl::Status told = NotifyServiceManager(NoticeSocket(), state);
  if (told.ok()) return;
  LOG(WARNING) << "cannot tell the service manager " << state << ": "
               << told.message();
}

void LogSealing(const Launcher& launcher) {
  const absl::Status sealing = launcher.shim().SealStatus();
  if (sealing.ok()) return;
  LOG(WARNING) << "shims are started from their file, which a task of root may "
                  "reach through /proc: "
               << sealing.message();
}

}  // namespace

Agent::Agent(AgentOptions options, bool is_local, StateDirectory state,
             CgroupMounts mounts, std::string shim_path, PeerRules peer_rules,
             std::unique_ptr<PolicySource> policy)
    : options_(std::move(options)),
      is_local_(is_local),
      peer_rules_(std::move(peer_rules)),
      state_(std::move(state)),
      mounts_(std::move(mounts)),
      missing_parents_(MissingParents(mounts_, options_.cgroup_parent)),
      controller_(mounts_),
      metrics_(ThisBuild(), clock_, options_.procfs),
      watch_(clock_, mounts_, options_.cgroup_parent, metrics_),
      events_(clock_),
      event_feed_(events_),
      metrics_observer_(metrics_, watch_),
      recorder_(events_),
      observer_({&metrics_observer_, &recorder_}),
      // Not called before the sampler is started.
      sample_events_(
          metrics_, store_, observer_,
          [this](const std::string& task) {
            return supervisor_.HasStarted(task);
          },
          [this](const std::string& task, uint64_t total) {
            supervisor_.NoteOomKills(task, total);
          }),
      sampler_(SamplerOptionsOf(options_), clock_, store_, sample_events_),
      host_(clock_),
      launcher_({std::move(shim_path), options_.start_timeout}),
      supervisor_({&clock_, &mounts_, &controller_, &sampler_, &launcher_,
                   &state_, &observer_},
                  SupervisorOptions(options_)),
      policy_tasks_(supervisor_),
      policy_source_(std::move(policy)),
      service_({&supervisor_, &sampler_, &store_, &stash_,
                options_.sample_interval, &events_, &event_feed_}),
      task_files_report_(observer_, metrics_, [this](const std::string& id) {
        return TaskOfFilesHasFailed(id);
      }) {
  AddCgroups(options_, mounts_, clock_, metrics_, host_);
}

absl::StatusOr<std::unique_ptr<Agent>> Agent::Create(AgentOptions options,
                                                     bool is_local) {
  const absl::Status files = CheckOpenFilesLimit();
  if (!files.ok()) return files;
  absl::StatusOr<PeerRules> peer_rules =
      ResolvePeerRules(options.allow_users, options.allow_groups);
  if (!peer_rules.ok()) return peer_rules.status();
  absl::StatusOr<std::string> shim = FindShim(options.shim_path);
  if (!shim.ok()) return shim.status();
  if (!options.task_files.directory.empty()) {
    const absl::Status usable = TaskFiles::Check(options.task_files);
    if (!usable.ok()) return usable;
  }
  absl::StatusOr<CgroupMounts> mounts = CgroupMounts::Discover(options.procfs);
  if (!mounts.ok()) return mounts.status();
  absl::StatusOr<std::unique_ptr<PolicySource>> policy =
      OpenPolicy(options, *mounts);
  if (!policy.ok()) return policy.status();
  // After all that can be wrong without it.
  if (options.take_over) {
    const absl::Status ended =
        EndStateOwner(options.state_dir, kTakeOverTimeout);
    if (!ended.ok()) return ended;
  }
  absl::StatusOr<StateDirectory> state =
      StateDirectory::Open(options.state_dir);
  if (!state.ok()) return state.status();
  options.cgroup_parent =
      SettleInCgroups(*mounts, options.cgroup_parent, options.procfs);
  return std::unique_ptr<Agent>(new Agent(
      std::move(options), is_local, *std::move(state), *std::move(mounts),
      *std::move(shim), *std::move(peer_rules), *std::move(policy)));
}

absl::StatusOr<std::unique_ptr<Agent>> Agent::Start(
    const AgentOptions& options) {
  absl::StatusOr<std::unique_ptr<Agent>> agent =
      Create(options, /*is_local=*/false);
  if (!agent.ok()) return agent.status();
  LogSealing((*agent)->launcher_);
  (*agent)->watch_.Start();
  absl::Status status = (*agent)->StartHost();
  // Ports and sockets first: they are what is most often wrong.
  if (status.ok()) status = (*agent)->StartHttp();
  if (status.ok()) status = (*agent)->StartTextfile();
  if (status.ok()) status = (*agent)->StartTasks();
  if (status.ok()) status = (*agent)->StartControl();
  if (!status.ok()) return status;
  (*agent)->StartPolicy();
  (*agent)->StartTaskFiles();
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
  // It calls the server.
  task_files_.reset();
  // Its calls and policies would keep the agent for the grace of the tasks.
  supervisor_.AbandonStops();
  if (listener_ != nullptr) listener_->Stop();
  const absl::Time deadline = absl::Now() + kShutdownGrace;
  // Those who follow would keep the server for its grace. It cuts off those
  // within this process at once, so they must have their last word before.
  event_feed_.Stop();
  event_feed_.AwaitNoSubscribers(deadline);
  if (server_ != nullptr) server_->Shutdown(absl::ToChronoTime(deadline));
  if (http_ != nullptr) http_->Stop();
  textfile_.reset();
  host_.Stop();
  if (policy_ != nullptr) policy_->Stop();
  supervisor_.Stop();
  sampler_.Stop();
  RemoveParentIfEmpty(mounts_, options_.cgroup_parent);
  for (const std::string& parent : missing_parents_) {
    RemoveParentIfEmpty(mounts_, parent);
  }
  if (is_local_) state_.RemoveIfEmpty();
}

absl::Status Agent::StartHost() {
  AddMachineCollectors(options_.host, options_.procfs, options_.sample_interval,
                       metrics_, &host_);
  ProcessesSettings processes = options_.processes;
  processes.options.procfs = options_.procfs;
  absl::Status added =
      AddProcesses(processes, options_.cgroup_parent, clock_, metrics_, &host_);
  if (!added.ok()) return added;
  host_.Start();
  return absl::OkStatus();
}

absl::Status Agent::StartTasks() {
  sampler_.Start();
  metrics_.SetAutoIsolation(ExecutorText(
      CheckNativeSupport().ok() ? Executor::kNative : Executor::kUniversal));
  absl::Status status = supervisor_.Start();
  if (!status.ok()) return status;
  metrics_.SetTaskCounts([this] {
    const TaskRegistry::Counts counts = supervisor_.Count();
    return TaskCounts{counts.starting, counts.running, counts.paused,
                      counts.restarting, counts.exited};
  });

  grpc::ServerBuilder builder;
  builder.RegisterService(&service_);
  grpc::ResourceQuota quota("control");
  quota.SetMaxThreads(kMaxServerThreads);
  builder.SetResourceQuota(quota);
  builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxStreams);
  // One poller is enough for a control socket, and spares idle threads.
  builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::MIN_POLLERS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS, 2);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) return absl::InternalError("gRPC did not start");
  return absl::OkStatus();
}

absl::Status Agent::StartControl() {
  listener_ = std::make_unique<ControlListener>(
      stash_,
      [this](UniqueFd connection) {
        grpc::AddInsecureChannelFromFd(server_.get(), connection.Release());
      },
      peer_rules_);
  return listener_->Start(SocketPath(options_));
}

absl::Status Agent::StartHttp() {
  if (options_.listen_address.empty()) return absl::OkStatus();
  HttpServerOptions http;
  http.listen_address = options_.listen_address;
  http.telemetry_path = options_.telemetry_path;
  http.has_cadvisor = options_.web_compat_cadvisor;
  http.web_config_file = options_.web_config_file;
  http.version = kVersion;
  http.sources = host_.Sources();
  TaskJson json;
  json.list = [this] {
    return MessageToJson(service_.ListTasks(), JsonLayout::kIndented);
  };
  json.inspect = [this](const std::string& id) -> absl::StatusOr<std::string> {
    const absl::StatusOr<v1::InspectResponse> task = service_.InspectTask(id);
    if (!task.ok()) return task.status();
    return MessageToJson(*task, JsonLayout::kIndented);
  };
  json.groups = [this] {
    return MessageToJson(service_.ListAllGroups(), JsonLayout::kIndented);
  };
  json.task_history = [this](const std::string& id, absl::Time since) {
    return History("task", id, id, since);
  };
  json.group_history = [this](const std::string& group, absl::Time since) {
    return History("group", group, GroupCgroupName(group), since);
  };
  http_ = std::make_unique<HttpServer>(std::move(http), store_, metrics_,
                                       clock_, std::move(json));
  return http_->Start();
}

absl::StatusOr<std::string> Agent::History(absl::string_view kind,
                                           const std::string& name,
                                           const std::string& measured_id,
                                           absl::Time since) const {
  const auto points = IsValidTaskId(name)
                          ? sampler_.HistoryAfter(measured_id, since)
                          : absl::NotFoundError("no name of a task or group");
  if (!points.ok()) {
    return absl::NotFoundError(
        absl::StrCat("no ", kind, " ", name, " is measured"));
  }
  return HistoryJson(kind, name, options_.sample_interval, *points);
}

absl::Status Agent::StartTextfile() {
  if (options_.textfile_path.empty()) return absl::OkStatus();
  absl::StatusOr<std::unique_ptr<TextfileWriter>> writer =
      TextfileWriter::Start(
          {options_.textfile_path, options_.textfile_interval, host_.Sources()},
          store_, metrics_, clock_);
  if (!writer.ok()) return writer.status();
  textfile_ = *std::move(writer);
  return absl::OkStatus();
}

void Agent::StartPolicy() {
  if (policy_source_ == nullptr) return;
  const PolicyRunner::Parts parts = {&store_, &policy_tasks_, &observer_,
                                     &metrics_, &clock_};
  policy_ = std::make_unique<PolicyRunner>(parts, std::move(policy_source_),
                                           DetailInterval(options_));
  policy_->Start();
}

bool Agent::TaskOfFilesHasFailed(const std::string& id) const {
  const absl::StatusOr<std::shared_ptr<Task>> task = supervisor_.Find(id);
  return task.ok() &&
         absl::StartsWith((*task)->spec().origin, Reconciler::kOriginPrefix) &&
         HasFailed(**task);
}

void Agent::StartTaskFiles() {
  if (options_.task_files.directory.empty()) return;
  task_files_ = std::make_unique<TaskFiles>(
      options_.task_files, state_.path(),
      v1::TaskService::NewStub(InProcessChannel()), task_files_report_, clock_);
}

std::shared_ptr<grpc::Channel> Agent::InProcessChannel() {
  return server_->InProcessChannel(AgentChannelArguments());
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
  TellServiceManager("READY=1");
  int signal = 0;
  sigwait(&ends, &signal);
  TellServiceManager("STOPPING=1");
  LOG(INFO) << "ending on signal " << signal << "; tasks go on";
  return 0;
}

}  // namespace reeve
