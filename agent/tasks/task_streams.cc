#include "agent/tasks/task_streams.h"

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "enforcement/launch/attach.h"
#include "enforcement/launch/log_file.h"
#include "enforcement/launch/relay_ends.h"
#include "enforcement/launch/stdio.h"
#include "enforcement/spec/stream_rules.h"

namespace reeve {
namespace {

absl::Status InContext(const char* name, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      absl::StrCat(name, ": ", status.message()));
}

bool TakesClients(const TaskSpec& spec) { return spec.tty || spec.attachable; }

absl::Status TakeClient(const TaskSpec& spec, HandedStreams& handed,
                        RelayStreams* relay) {
  if (!handed.stdin_fd && !handed.stdout_fd && !handed.stderr_fd) {
    return absl::OkStatus();
  }
  absl::Status status =
      CheckClientStreams(handed.stdin_fd, handed.stdout_fd, handed.stderr_fd);
  if (!status.ok()) return status;
  relay->client[0] = std::move(handed.stdin_fd);
  relay->client[1] = std::move(handed.stdout_fd);
  relay->client[2] = std::move(handed.stderr_fd);
  // A terminal can be left and come back to.
  relay->client_closes_input = !spec.tty;
  return absl::OkStatus();
}

absl::Status OpenInput(const TaskSpec& spec, UniqueFd handed,
                       LaunchRequest* request) {
  if (spec.stdin_path.empty() && handed) {
    request->stdin_fd = std::move(handed);
    return absl::OkStatus();
  }
  if (spec.stdin_path.empty() && spec.attachable) return AddInputPipe(request);
  absl::StatusOr<UniqueFd> opened = OpenTaskInput(spec.stdin_path);
  if (!opened.ok()) return InContext("stdin", opened.status());
  request->stdin_fd = *std::move(opened);
  return absl::OkStatus();
}

// The log of an output whose path names one.
absl::Status OpenNamedLog(const TaskSpec& spec, int output,
                          const std::string& path, const char* name,
                          LaunchRequest* request) {
  if (!NamesFile(path) || !IsLogged(spec, path)) return absl::OkStatus();
  absl::StatusOr<LogTarget> log = OpenLogFile(path, RotationOf(spec, path));
  if (!log.ok()) return InContext(name, log.status());
  request->relay.logs[output] = *std::move(log);
  return absl::OkStatus();
}

absl::Status OpenOutput(const TaskSpec& spec, int output,
                        const std::string& path, UniqueFd handed,
                        LaunchRequest* request) {
  const char* const name = output == 0 ? "stdout" : "stderr";
  UniqueFd& task_end = output == 0 ? request->stdout_fd : request->stderr_fd;
  if (path.empty() && handed) {
    task_end = std::move(handed);
    return absl::OkStatus();
  }
  if (spec.attachable || IsLogged(spec, path)) {
    absl::Status status = AddOutputPipe(output, request);
    if (!status.ok()) return status;
    if (request->relay.has_one_log) return absl::OkStatus();
    return OpenNamedLog(spec, output, path, name, request);
  }
  absl::StatusOr<UniqueFd> opened = OpenTaskOutput(path);
  if (!opened.ok()) return InContext(name, opened.status());
  task_end = *std::move(opened);
  return absl::OkStatus();
}

absl::Status OpenStateLog(const TaskSpec& spec, int output,
                          LaunchRequest* request) {
  absl::StatusOr<LogTarget> log = OpenLogFileAt(
      request->state_dir.get(), output == 0 ? kStdoutLog : kStderrLog,
      RotationOf(spec, ""));
  if (!log.ok()) return log.status();
  request->relay.logs[output] = *std::move(log);
  return absl::OkStatus();
}

}  // namespace

absl::Status OpenStreams(const TaskSpec& spec, HandedStreams handed,
                         LaunchRequest* request) {
  absl::Status status;
  if (TakesClients(spec)) {
    status = TakeClient(spec, handed, &request->relay);
    if (!status.ok()) return status;
  }
  if (spec.tty) {
    status = AddTerminal(request);
    if (!status.ok()) return status;
    return OpenNamedLog(spec, 0, spec.stdout_path, "stdout", request);
  }
  status = OpenInput(spec, std::move(handed.stdin_fd), request);
  if (!status.ok()) return status;
  status = OpenOutput(spec, 0, spec.stdout_path, std::move(handed.stdout_fd),
                      request);
  if (!status.ok()) return status;
  // Two that rotate one file would each take it for theirs.
  request->relay.has_one_log = NamesFile(spec.stdout_path) &&
                               spec.stdout_path == spec.stderr_path &&
                               IsLogged(spec, spec.stdout_path);
  return OpenOutput(spec, 1, spec.stderr_path, std::move(handed.stderr_fd),
                    request);
}

absl::Status OpenStateStreams(const TaskSpec& spec, LaunchRequest* request) {
  RelayStreams& relay = request->relay;
  const std::string* const paths[] = {&spec.stdout_path, &spec.stderr_path};
  for (int output = 0; output < 2; ++output) {
    if (!spec.log.to_state_dir || !paths[output]->empty()) continue;
    if (!relay.outputs[output]) continue;
    absl::Status status = OpenStateLog(spec, output, request);
    if (!status.ok()) return status;
  }
  if (!TakesClients(spec)) return absl::OkStatus();
  absl::StatusOr<UniqueFd> socket = ListenForAttach(request->state_dir.get());
  if (!socket.ok()) return socket.status();
  relay.attach = *std::move(socket);
  return absl::OkStatus();
}

}  // namespace reeve
