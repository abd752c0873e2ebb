#include "agent/tasks/task_launch.h"

#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/file.h"
#include "enforcement/launch/credentials.h"
#include "enforcement/launch/program.h"
#include "enforcement/launch/stdio.h"

namespace reeve {
namespace {

absl::Status CheckDirectory(const std::string& path) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0) {
    return ErrnoStatus(errno, absl::StrCat("working directory ", path));
  }
  if (!S_ISDIR(info.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrCat("working directory ", path, " is not a directory"));
  }
  return absl::OkStatus();
}

bool IsInside(const std::string& path, const std::string& directory) {
  return !directory.empty() &&
         absl::StartsWith(path,
                          absl::StrCat(absl::StripSuffix(directory, "/"), "/"));
}

using OpenStream = absl::StatusOr<UniqueFd> (*)(const std::string&);

absl::Status ChooseStream(UniqueFd handed, const std::string& path,
                          OpenStream open, absl::string_view name,
                          UniqueFd* stream) {
  if (handed && path.empty()) {
    *stream = std::move(handed);
    return absl::OkStatus();
  }
  absl::StatusOr<UniqueFd> opened = open(path);
  if (!opened.ok()) {
    return absl::Status(opened.status().code(),
                        absl::StrCat(name, ": ", opened.status().message()));
  }
  *stream = *std::move(opened);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<LaunchRequest> ResolveLaunch(const TaskSpec& spec) {
  LaunchRequest request;
  request.exit_type = spec.exit_type;
  request.env = spec.env;
  request.cwd = !spec.cwd.empty()        ? spec.cwd
                : !spec.task_dir.empty() ? spec.task_dir
                                         : "/";
  absl::Status status = CheckDirectory(request.cwd);
  if (!status.ok()) return status;

  if (!spec.user.empty()) {
    absl::StatusOr<Credentials> credentials = LookUpUser(spec.user);
    if (!credentials.ok()) return credentials.status();
    request.env = WithUserVariables(std::move(request.env), *credentials);
    request.credentials = *std::move(credentials);
  }

  absl::StatusOr<std::string> program =
      FindProgram(spec.command[0], spec.task_dir, request.cwd, spec.env);
  if (!program.ok()) return program.status();
  // Only what came with the task: the permissions of the host's files are not
  // ours to widen.
  if (IsInside(*program, spec.task_dir)) {
    status = MakeExecutable(*program);
    if (!status.ok()) return status;
  }
  request.program = *std::move(program);
  request.args.assign(spec.command.begin() + 1, spec.command.end());
  return request;
}

absl::Status OpenStreams(const TaskSpec& spec, HandedStreams handed,
                         LaunchRequest* request) {
  absl::Status status =
      ChooseStream(std::move(handed.stdin_fd), spec.stdin_path, OpenTaskInput,
                   "stdin", &request->stdin_fd);
  if (!status.ok()) return status;
  status = ChooseStream(std::move(handed.stdout_fd), spec.stdout_path,
                        OpenTaskOutput, "stdout", &request->stdout_fd);
  if (!status.ok()) return status;
  return ChooseStream(std::move(handed.stderr_fd), spec.stderr_path,
                      OpenTaskOutput, "stderr", &request->stderr_fd);
}

}  // namespace reeve
