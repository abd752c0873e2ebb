#include "agent/api/task_service.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "agent/api/cancel_question.h"
#include "agent/api/convert.h"
#include "agent/api/events_reactor.h"
#include "agent/api/limit_update_convert.h"
#include "agent/api/limits_convert.h"
#include "agent/api/message_texts.h"
#include "agent/api/policy_bounds_convert.h"
#include "agent/api/process_limits_convert.h"
#include "agent/api/process_usage.h"
#include "agent/api/status_codes.h"
#include "agent/api/stop_method_convert.h"
#include "agent/api/wait_reactor.h"
#include "agent/version.h"
#include "base/system_clock.h"
#include "enforcement/process/process_limits_of.h"

namespace reeve {
namespace {

// It holds one of the server's threads.
constexpr absl::Duration kMaxLaunchWait = absl::Seconds(10);
// Each takes one of the server's threads; the callers of further ones call
// Wait.
constexpr int kMaxLaunchWaits = 64;
constexpr absl::Duration kMinStatsInterval = absl::Milliseconds(100);
// How soon a Stats call notices that its caller is gone.
constexpr absl::Duration kCancelCheck = absl::Milliseconds(500);

using SnapshotsById =
    absl::flat_hash_map<std::string, std::shared_ptr<const TaskSnapshot>>;

SnapshotsById IndexById(const Snapshot* snapshot) {
  SnapshotsById index;
  if (snapshot == nullptr) return index;
  for (const auto& task : snapshot->tasks) index[task->target->id] = task;
  return index;
}

v1::TaskState ToProto(TaskState state) {
  switch (state) {
    case TaskState::kStarting:
      return v1::TASK_STATE_STARTING;
    case TaskState::kRunning:
      return v1::TASK_STATE_RUNNING;
    case TaskState::kPaused:
      return v1::TASK_STATE_PAUSED;
    case TaskState::kRestarting:
      return v1::TASK_STATE_RESTARTING;
    case TaskState::kExited:
      return v1::TASK_STATE_EXITED;
  }
  return v1::TASK_STATE_UNSPECIFIED;
}

v1::TaskSummary Summarize(const Task& task, const TaskSnapshot* snapshot) {
  const TaskStatus status = task.Status();
  v1::TaskSummary summary;
  summary.set_id(task.id());
  summary.set_group(task.spec().group);
  summary.set_origin(task.spec().origin);
  summary.set_state(ToProto(status.state));
  summary.set_pid(status.process.pid);
  for (const std::string& word : task.spec().command) {
    summary.add_command(word);
  }
  if (status.state != TaskState::kStarting) {
    *summary.mutable_started_at() = reeve::ToProto(status.started_at);
  }
  if (status.exit.has_value()) {
    *summary.mutable_exit() = reeve::ToProto(*status.exit);
  }
  summary.set_adopted(task.is_adopted());
  summary.set_attempt(status.attempt.number);
  if (status.attempt.last_exit.has_value()) {
    *summary.mutable_last_exit() = reeve::ToProto(*status.attempt.last_exit);
  }
  if (status.state == TaskState::kRestarting) {
    *summary.mutable_restart_at() = reeve::ToProto(status.attempt.restart_at);
  }
  if (snapshot != nullptr) *summary.mutable_usage() = UsageToProto(*snapshot);
  *summary.mutable_limits() = reeve::ToProto(task.Limits());
  ProcessLimitsToProto(ProcessLimitsOf(task.LimitSettings()),
                       summary.mutable_limits());
  return summary;
}

// Every process and their sums, which are of one look.
template <typename Response>
void AddProcesses(const TaskSnapshot& snapshot, Response* response) {
  if (snapshot.processes == nullptr || snapshot.processes->empty()) return;
  for (const ProcessSnapshot& process : *snapshot.processes) {
    (*response->mutable_pids())[process.identity.pid] = reeve::ToProto(process);
  }
  *response->mutable_process_totals() = TotalsToProto(*snapshot.processes);
}

v1::StatsResponse MakeStats(const TaskSnapshot& snapshot) {
  v1::StatsResponse response;
  *response.mutable_usage() = UsageToProto(snapshot);
  AddProcesses(snapshot, &response);
  MakeTextsUtf8(&response);
  return response;
}

void AddPhases(const Task& task, v1::LaunchResponse* response) {
  for (const LaunchPhase& phase : task.phases()) {
    v1::LaunchPhase* const added = response->add_phases();
    added->set_name(phase.name);
    *added->mutable_duration() = reeve::ToProto(phase.duration);
  }
}

// So that limits are not changed beside bounds that cannot be.
absl::Status CheckPolicyBounds(const TaskSupervisor& supervisor,
                               const std::string& id,
                               const PolicyBoundsChange& change) {
  if (change.empty()) return absl::OkStatus();
  const absl::StatusOr<std::shared_ptr<Task>> task = supervisor.Find(id);
  if (!task.ok()) return task.status();
  return ValidatePolicyBounds(ChangedBounds((*task)->policy_bounds(), change));
}

absl::Status CheckStopMethod(const TaskSupervisor& supervisor,
                             const std::string& id,
                             const StopMethodChange& change) {
  if (change.empty()) return absl::OkStatus();
  const absl::StatusOr<std::shared_ptr<Task>> task = supervisor.Find(id);
  if (!task.ok()) return task.status();
  return ValidateStopMethod(ChangedStopMethod((*task)->stop_method(), change));
}

}  // namespace

grpc::Status TaskService::Adopt(grpc::ServerContext* /*context*/,
                                const v1::AdoptRequest* request,
                                v1::AdoptResponse* response) {
  absl::StatusOr<TaskSpec> spec = SpecFromProto(request->spec());
  if (!spec.ok()) return ToGrpcStatus(spec.status());
  spec->origin.clear();
  const absl::StatusOr<std::shared_ptr<Task>> task =
      parts_.supervisor->Adopt(*std::move(spec), request->pid(),
                               request->start_time_ticks(), request->tree());
  if (!task.ok()) return ToGrpcStatus(task.status());
  response->set_id((*task)->id());
  response->set_pid(request->pid());
  return grpc::Status::OK;
}

grpc::Status TaskService::Launch(grpc::ServerContext* context,
                                 const v1::LaunchRequest* request,
                                 v1::LaunchResponse* response) {
  absl::StatusOr<TaskSpec> spec = SpecFromProto(request->spec());
  if (!spec.ok()) return ToGrpcStatus(spec.status());
  spec->origin = request->origin();
  if (request->check_only()) {
    return ToGrpcStatus(parts_.supervisor->CheckLaunch(*std::move(spec)));
  }
  HandedStreams streams;
  if (!request->stdio_token().empty()) {
    absl::StatusOr<HandedStreams> handed =
        parts_.stash->Take(request->stdio_token());
    if (!handed.ok()) return ToGrpcStatus(handed.status());
    streams = *std::move(handed);
  }
  absl::Duration wait =
      std::min(DurationFromProto(request->wait()), kMaxLaunchWait);
  if (++launch_waits_ > kMaxLaunchWaits) wait = absl::ZeroDuration();
  const SystemClock clock;
  CancelQuestion is_cancelled(clock,
                              [context] { return context->IsCancelled(); });
  const absl::StatusOr<std::shared_ptr<Task>> task = parts_.supervisor->Launch(
      *std::move(spec), std::move(streams), request->auto_remove(), wait,
      [&is_cancelled] { return is_cancelled.Ask(); });
  --launch_waits_;
  if (!task.ok()) return ToGrpcStatus(task.status());

  const TaskStatus status = (*task)->Status();
  response->set_id((*task)->id());
  response->set_pid(status.process.pid);
  *response->mutable_started_at() = reeve::ToProto(status.started_at);
  if (request->trace()) AddPhases(**task, response);
  if (!request->has_wait() || !status.exit.has_value()) return grpc::Status::OK;

  *response->mutable_exit() = reeve::ToProto(*status.exit);
  if (request->auto_remove()) {
    // Another waiter may have been first.
    (void)parts_.supervisor->Remove((*task)->id());
  }
  return grpc::Status::OK;
}

grpc::ServerUnaryReactor* TaskService::Wait(
    grpc::CallbackServerContext* context, const v1::WaitRequest* request,
    v1::WaitResponse* response) {
  const absl::StatusOr<std::shared_ptr<Task>> task =
      parts_.supervisor->Find(request->id());
  if (!task.ok()) {
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    reactor->Finish(ToGrpcStatus(task.status()));
    return reactor;
  }
  return WaitReactor::Start(*task, response,
                            [supervisor = parts_.supervisor, id = (*task)->id(),
                             auto_remove = (*task)->auto_remove()] {
                              // Another waiter may have been first.
                              if (auto_remove) (void)supervisor->Remove(id);
                            });
}

grpc::ServerUnaryReactor* TaskService::Stop(
    grpc::CallbackServerContext* context, const v1::StopRequest* request,
    v1::StopResponse* response) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  const absl::Status started =
      stop_threads_.Start([this, reactor, request, response] {
        // Nothing of the call is touched after Finish().
        reactor->Finish(ToGrpcStatus(StopTask(*request, response)));
      });
  if (!started.ok()) reactor->Finish(ToGrpcStatus(started));
  return reactor;
}

absl::Status TaskService::StopTask(const v1::StopRequest& request,
                                   v1::StopResponse* response) {
  std::optional<absl::Duration> grace;
  if (request.has_grace()) {
    grace = DurationFromProto(request.grace());
    absl::Status status = ValidateGrace(*grace);
    if (!status.ok()) return status;
  }
  const absl::StatusOr<ExitStatus> exit =
      parts_.supervisor->Stop(request.id(), request.signal(), grace);
  if (!exit.ok()) return exit.status();
  *response->mutable_exit() = reeve::ToProto(*exit);
  return absl::OkStatus();
}

grpc::Status TaskService::Signal(grpc::ServerContext* /*context*/,
                                 const v1::SignalRequest* request,
                                 v1::SignalResponse* /*response*/) {
  return ToGrpcStatus(
      parts_.supervisor->Signal(request->id(), request->signal()));
}

grpc::Status TaskService::Update(grpc::ServerContext* /*context*/,
                                 const v1::UpdateRequest* request,
                                 v1::UpdateResponse* response) {
  const absl::StatusOr<ResourceLimits> limits =
      LimitsFromProto(request->limits());
  if (!limits.ok()) return ToGrpcStatus(limits.status());
  const PolicyBoundsChange bounds = PolicyBoundsChangeFromProto(*request);
  const absl::StatusOr<StopMethodChange> stop =
      StopMethodChangeFromProto(*request);
  if (!stop.ok()) return ToGrpcStatus(stop.status());
  if (limits->empty() && bounds.empty() && stop->empty()) {
    return ToGrpcStatus(absl::InvalidArgumentError(
        "an update needs at least one limit, such as --memory 256M"));
  }
  const absl::StatusOr<MemoryDecreaseOptions> decrease =
      MemoryDecreaseFromProto(*request);
  if (!decrease.ok()) return ToGrpcStatus(decrease.status());
  absl::Status status =
      CheckPolicyBounds(*parts_.supervisor, request->id(), bounds);
  status.Update(CheckStopMethod(*parts_.supervisor, request->id(), *stop));
  if (status.ok() && !limits->empty()) {
    const absl::StatusOr<LimitUpdate> update =
        parts_.supervisor->Update(request->id(), *limits, *decrease);
    status = update.status();
    if (update.ok()) AddToProto(*update, response);
  }
  // Last: what takes no more than a record on disk hardly fails.
  if (status.ok() && !bounds.empty()) {
    status = parts_.supervisor->SetPolicyBounds(request->id(), bounds);
  }
  if (status.ok() && !stop->empty()) {
    status = parts_.supervisor->SetStopMethod(request->id(), *stop);
  }
  return ToGrpcStatus(status);
}

grpc::Status TaskService::Pause(grpc::ServerContext* /*context*/,
                                const v1::PauseRequest* request,
                                v1::PauseResponse* /*response*/) {
  return ToGrpcStatus(parts_.supervisor->Pause(request->id()));
}

grpc::Status TaskService::Resume(grpc::ServerContext* /*context*/,
                                 const v1::ResumeRequest* request,
                                 v1::ResumeResponse* /*response*/) {
  return ToGrpcStatus(parts_.supervisor->Resume(request->id()));
}

grpc::Status TaskService::List(grpc::ServerContext* /*context*/,
                               const v1::ListRequest* /*request*/,
                               v1::ListResponse* response) {
  *response = ListTasks();
  return grpc::Status::OK;
}

grpc::Status TaskService::Inspect(grpc::ServerContext* /*context*/,
                                  const v1::InspectRequest* request,
                                  v1::InspectResponse* response) {
  absl::StatusOr<v1::InspectResponse> result = InspectTask(request->id());
  if (!result.ok()) return ToGrpcStatus(result.status());
  *response = *std::move(result);
  return grpc::Status::OK;
}

grpc::ServerWriteReactor<v1::StatsResponse>* TaskService::Stats(
    grpc::CallbackServerContext* /*context*/, const v1::StatsRequest* request) {
  return AnswerStream<v1::StatsResponse>::Start(
      stream_threads_,
      [this, request = *request](AnswerStream<v1::StatsResponse>& stream) {
        return SendStats(request, stream);
      });
}

absl::Status TaskService::SendStats(const v1::StatsRequest& request,
                                    AnswerStream<v1::StatsResponse>& stream) {
  const absl::Duration interval = request.has_interval()
                                      ? DurationFromProto(request.interval())
                                      : parts_.sample_interval;
  if (interval < kMinStatsInterval) {
    return absl::InvalidArgumentError(absl::StrCat(
        "interval must be at least ", absl::FormatDuration(kMinStatsInterval)));
  }
  const absl::StatusOr<std::shared_ptr<Task>> task =
      parts_.supervisor->Find(request.id());
  if (!task.ok()) return task.status();

  while (true) {
    const absl::StatusOr<TaskSnapshot> snapshot =
        parts_.sampler->SampleNow(request.id());
    if (!snapshot.ok()) return snapshot.status();
    if (!stream.Write(MakeStats(*snapshot)) || request.once()) break;
    if (snapshot->is_final) break;
    for (absl::Duration left = interval; left > absl::ZeroDuration();
         left -= kCancelCheck) {
      if (stream.IsCancelled()) return absl::CancelledError("stats");
      if ((*task)->WaitForExit(std::min(left, kCancelCheck)).has_value()) break;
    }
  }
  return absl::OkStatus();
}

grpc::Status TaskService::Remove(grpc::ServerContext* /*context*/,
                                 const v1::RemoveRequest* request,
                                 v1::RemoveResponse* /*response*/) {
  return ToGrpcStatus(parts_.supervisor->Remove(request->id()));
}

grpc::ServerWriteReactor<v1::Event>* TaskService::Events(
    grpc::CallbackServerContext* /*context*/,
    const v1::EventsRequest* request) {
  return EventsReactor::Start(*parts_.events, *parts_.event_feed, *request);
}

grpc::Status TaskService::Version(grpc::ServerContext* /*context*/,
                                  const v1::VersionRequest* /*request*/,
                                  v1::VersionResponse* response) {
  response->set_version(kVersion);
  response->set_api(kApiVersion);
  return grpc::Status::OK;
}

v1::ListResponse TaskService::ListTasks() const {
  const std::shared_ptr<const Snapshot> latest = parts_.store->Latest();
  const SnapshotsById snapshots = IndexById(latest.get());
  v1::ListResponse response;
  for (const std::shared_ptr<Task>& task : parts_.supervisor->List()) {
    const auto it = snapshots.find(task->id());
    *response.add_tasks() =
        Summarize(*task, it == snapshots.end() ? nullptr : it->second.get());
  }
  MakeTextsUtf8(&response);
  return response;
}

absl::StatusOr<v1::InspectResponse> TaskService::InspectTask(
    const std::string& id) const {
  const absl::StatusOr<std::shared_ptr<Task>> found =
      parts_.supervisor->Find(id);
  if (!found.ok()) return found.status();
  const Task& task = **found;
  const absl::StatusOr<TaskSnapshot> snapshot = parts_.sampler->SampleNow(id);

  v1::InspectResponse response;
  *response.mutable_task() =
      Summarize(task, snapshot.ok() ? &*snapshot : nullptr);
  if (snapshot.ok()) AddProcesses(*snapshot, &response);
  *response.mutable_spec() = reeve::ToProto(task.spec());
  PolicyBoundsToProto(task.policy_bounds(), response.mutable_spec());
  StopMethodToProto(task.stop_method(), response.mutable_spec());
  *response.mutable_requested_limits() = reeve::ToProto(task.AskedLimits());
  for (const auto& [controller, dir] : ByController(task.cgroup_dirs())) {
    (*response.mutable_cgroups())[controller] = dir.path;
    (*response.mutable_cgroup_versions())[controller] =
        static_cast<uint32_t>(dir.version);
  }
  for (const LimitSetting& setting : task.LimitSettings()) {
    *response.add_settings() = reeve::ToProto(setting);
  }
  response.set_shim_pid(task.Status().shim.pid);
  response.set_isolation(task.is_adopted()
                             ? "none"
                             : ExecutorText(task.spec().isolation.Resolved()));
  MakeTextsUtf8(&response);
  return response;
}

}  // namespace reeve
