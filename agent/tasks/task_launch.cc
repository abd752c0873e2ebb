#include "agent/tasks/task_launch.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "agent/tasks/pidfd.h"
#include "base/file.h"
#include "enforcement/launch/credentials.h"
#include "enforcement/launch/landlock.h"
#include "enforcement/launch/program.h"
#include "enforcement/launch/root_users.h"

namespace reeve {
namespace {

// Of a task that names none and has a root of its own.
constexpr char kRootUser[] = "0:0";
// What the kernel takes for no id.
constexpr gid_t kUnmapped = ~gid_t{0};

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

bool IsNative(const TaskSpec& spec) {
  return spec.isolation.executor == Executor::kNative;
}

absl::Status AddUser(const TaskSpec& spec, LaunchRequest* request) {
  if (spec.user.empty()) return absl::OkStatus();
  absl::StatusOr<Credentials> credentials = LookUpUser(spec.user);
  if (!credentials.ok()) return credentials.status();
  const absl::StatusOr<bool> changes = MustChangeUser(spec.user, *credentials);
  if (!changes.ok()) return changes.status();
  request->env = WithUserVariables(std::move(request->env), *credentials);
  if (*changes) request->credentials = *std::move(credentials);
  return absl::OkStatus();
}

absl::Status AddHostProgram(const TaskSpec& spec, LaunchRequest* request) {
  absl::StatusOr<std::string> program =
      FindProgram(spec.command[0], spec.task_dir, request->cwd, spec.env);
  if (!program.ok()) return program.status();
  request->program = *std::move(program);
  // Only what came with the task: the permissions of the host's files are not
  // ours to widen.
  if (!IsInside(request->program, spec.task_dir)) return absl::OkStatus();
  return MakeExecutable(request->program);
}

absl::Status AddRules(const TaskSpec& spec, int root_fd,
                      LaunchRequest* request) {
  if (spec.landlock.empty()) return absl::OkStatus();
  absl::StatusOr<UniqueFd> ruleset =
      MakeLandlockRuleset(spec.landlock, root_fd);
  if (!ruleset.ok()) return ruleset.status();
  request->landlock = *std::move(ruleset);
  return absl::OkStatus();
}

// Of paths that are only there once the task's own mounts are.
absl::Status AddRuleSteps(const TaskSpec& spec, LaunchRequest* request) {
  if (spec.landlock.empty()) return absl::OkStatus();
  absl::StatusOr<UniqueFd> ruleset = MakeLandlockRuleset({});
  if (!ruleset.ok()) return ruleset.status();
  request->landlock = *std::move(ruleset);
  for (const PathRule& rule : spec.landlock) {
    request->isolation.steps.push_back(LandlockStep(rule));
  }
  return absl::OkStatus();
}

void AddWords(const TaskSpec& spec, LaunchRequest* request) {
  request->exit_type = spec.exit_type;
  request->umask = spec.umask;
  request->env = spec.env;
  request->args.assign(spec.command.begin() + 1, spec.command.end());
}

// Of the process and of no other that got its pid meanwhile.
absl::StatusOr<UniqueFd> OpenRootOf(const ProcessIdentity& process,
                                    const UniqueFd& pidfd) {
  absl::StatusOr<UniqueFd> root =
      OpenAt(AT_FDCWD, absl::StrCat("/proc/", process.pid, "/root"),
             O_PATH | O_DIRECTORY);
  if (!root.ok()) return root.status();
  if (IsRunning(pidfd)) return root;
  return absl::FailedPreconditionError("the main process has ended");
}

}  // namespace

// By the host's ids, whatever the task takes them for.
absl::Status LaunchResolver::CheckIds(const IsolationSpec& isolation,
                                      const LaunchRequest& request) const {
  if (!request.credentials.has_value()) {
    return CheckIdsAllowed(geteuid(), getegid(), {}, policy_.denied_uids,
                           policy_.denied_gids);
  }
  const Credentials& credentials = *request.credentials;
  const std::optional<uint32_t> uid =
      ToHostId(isolation.uid_map, credentials.uid);
  const std::optional<uint32_t> gid =
      ToHostId(isolation.gid_map, credentials.gid);
  std::vector<gid_t> groups;
  for (const gid_t group : credentials.groups) {
    groups.push_back(ToHostId(isolation.gid_map, group).value_or(kUnmapped));
  }
  if (!uid || !gid || absl::c_linear_search(groups, kUnmapped)) {
    return absl::InvalidArgumentError(
        absl::StrCat("user ", credentials.uid, ":", credentials.gid,
                     " or a group of it is not in the id maps"));
  }
  return CheckIdsAllowed(*uid, *gid, groups, policy_.denied_uids,
                         policy_.denied_gids);
}

absl::StatusOr<LaunchRequest> LaunchResolver::OnHost(const TaskSpec& spec) {
  LaunchRequest request;
  AddWords(spec, &request);
  request.cwd = !spec.cwd.empty()        ? spec.cwd
                : !spec.task_dir.empty() ? spec.task_dir
                                         : "/";
  absl::Status status = CheckDirectory(request.cwd);
  if (status.ok()) status = AddUser(spec, &request);
  if (status.ok()) status = AddHostProgram(spec, &request);
  if (status.ok() && !IsNative(spec)) {
    status = AddRules(spec, AT_FDCWD, &request);
  }
  if (!status.ok()) return status;
  return request;
}

absl::StatusOr<LaunchRequest> LaunchResolver::InRoot(const TaskSpec& spec,
                                                     int root_fd) {
  LaunchRequest request;
  AddWords(spec, &request);
  request.cwd = spec.cwd.empty() ? "/" : spec.cwd;
  absl::StatusOr<Credentials> credentials =
      LookUpUserInRoot(root_fd, spec.user.empty() ? kRootUser : spec.user);
  if (!credentials.ok()) return credentials.status();
  request.env = WithUserVariables(std::move(request.env), *credentials);
  request.credentials = *std::move(credentials);
  std::vector<std::string> places =
      ProgramPlaces(spec.command[0], request.cwd, spec.env);
  request.program = std::move(places.front());
  request.other_programs.assign(places.begin() + 1, places.end());
  return request;
}

absl::StatusOr<LaunchRequest> LaunchResolver::ForTask(const TaskSpec& spec) {
  const std::string& directory = spec.isolation.root.directory;
  absl::StatusOr<LaunchRequest> request;
  if (directory.empty()) {
    request = OnHost(spec);
  } else {
    const absl::StatusOr<UniqueFd> root =
        OpenAt(AT_FDCWD, directory, O_PATH | O_DIRECTORY);
    if (!root.ok()) {
      return absl::Status(root.status().code(),
                          absl::StrCat("rootfs ", root.status().message()));
    }
    request = InRoot(spec, root->get());
  }
  if (!request.ok()) return request.status();
  if (IsNative(spec)) {
    if (!request->credentials) {
      absl::StatusOr<Credentials> own = LookUpUser(kRootUser);
      if (!own.ok()) return own.status();
      request->credentials = *std::move(own);
    }
    absl::StatusOr<IsolationPlan> plan =
        planner_.ForTask(spec.isolation, *request->credentials, request->cwd);
    if (!plan.ok()) return plan.status();
    request->isolation = *std::move(plan);
    const absl::Status rules = AddRuleSteps(spec, &*request);
    if (!rules.ok()) return rules;
  }
  request->env = policy_.denied_env.RemoveFrom(std::move(request->env));
  absl::Status status = CheckIds(spec.isolation, *request);
  if (!status.ok()) return status;
  return request;
}

absl::StatusOr<LaunchRequest> LaunchResolver::ForCommand(
    const TaskSpec& spec, const ProcessIdentity& main,
    absl::StatusOr<UniqueFd> pidfd) {
  if (!IsNative(spec)) return ForTask(spec);
  if (!pidfd.ok()) return pidfd.status();
  absl::StatusOr<UniqueFd> root = OpenRootOf(main, *pidfd);
  if (!root.ok()) return root.status();
  absl::StatusOr<LaunchRequest> request = InRoot(spec, root->get());
  if (!request.ok()) return request.status();
  absl::Status status = AddRules(spec, root->get(), &*request);
  if (!status.ok()) return status;
  absl::StatusOr<IsolationPlan> plan =
      planner_.ForCommand(spec.isolation, *request->credentials,
                          *std::move(pidfd), *std::move(root));
  if (!plan.ok()) return plan.status();
  request->isolation = *std::move(plan);
  request->env = policy_.denied_env.RemoveFrom(std::move(request->env));
  status = CheckIds(spec.isolation, *request);
  if (!status.ok()) return status;
  return request;
}

}  // namespace reeve
