#include "enforcement/launch/plan_writer.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "base/file.h"
#include "enforcement/process/policy_number.h"
#include "enforcement/shim/plan_format.h"

namespace reeve {
namespace {

template <typename T>
void Append(std::string& plan, const T& value) {
  plan.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

// With the NUL that ends it.
void AppendString(std::string& plan, const std::string& text) {
  plan.append(text.c_str(), text.size() + 1);
}

PlanRlimit MakeRlimit(const Rlimit& rlimit) {
  return {rlimit.resource, 0, rlimit.soft.value.value_or(RLIM_INFINITY),
          rlimit.hard.value.value_or(RLIM_INFINITY)};
}

PlanLog MakeLog(const LogTarget& target) {
  PlanLog log;
  log.file_fd = target.file.get();
  log.dir_fd = target.dir.get();
  log.max_size = target.max_size;
  log.max_files = target.max_files;
  // OpenLogFile() has refused a longer one.
  target.name.copy(log.name, kMaxLogNameSize);
  return log;
}

PlanRelay MakeRelay(const RelayStreams& streams) {
  PlanRelay relay;
  relay.is_used = streams.is_used() ? 1 : 0;
  relay.input_fd = streams.input.get();
  relay.terminal_fd = streams.terminal.get();
  relay.attach_fd = streams.attach.get();
  for (int i = 0; i < 2; ++i) {
    relay.output_fds[i] = streams.outputs[i].get();
    relay.logs[i] = MakeLog(streams.logs[i]);
  }
  for (int i = 0; i < 3; ++i) relay.client_fds[i] = streams.client[i].get();
  relay.client_closes_input = streams.client_closes_input ? 1 : 0;
  relay.has_one_log = streams.has_one_log ? 1 : 0;
  return relay;
}

PlanRootStep MakeRootStep(const RootStep& step) {
  PlanRootStep made = {};
  made.kind = step.kind;
  made.fd = step.fd.get();
  made.target = step.target_flags;
  made.attributes = step.attributes;
  made.mode = step.mode;
  made.uid = step.uid;
  made.gid = step.gid;
  made.device = step.device;
  return made;
}

PlanIsolation MakeIsolation(const IsolationPlan& isolation) {
  PlanIsolation made;
  made.root_kind = isolation.root_kind;
  made.root_fd = isolation.root.get();
  made.root_is_read_only = isolation.root_is_read_only ? 1 : 0;
  made.new_namespaces = isolation.new_namespaces;
  made.has_init = isolation.has_init ? 1 : 0;
  made.network_fd = isolation.network.get();
  made.join_fd = isolation.join.get();
  made.join_namespaces = isolation.join_namespaces;
  made.join_root_fd = isolation.join_root.get();
  made.has_session_keyring = isolation.has_session_keyring ? 1 : 0;
  made.has_no_new_privileges = isolation.has_no_new_privileges ? 1 : 0;
  if (isolation.capabilities) {
    made.has_capabilities = 1;
    made.capabilities = *isolation.capabilities;
  }
  if (isolation.filter != nullptr) made.filter_flags = isolation.filter->flags;
  return made;
}

// How much there is of what follows the header.
void Count(const LaunchRequest& request, PlanHeader* header) {
  const IsolationPlan& isolation = request.isolation;
  header->rlimit_count = static_cast<uint32_t>(request.rlimits.size());
  header->tasks_fd_count =
      static_cast<uint32_t>(request.cgroup.tasks_files.size());
  if (request.credentials) {
    header->group_count =
        static_cast<uint32_t>(request.credentials->groups.size());
  }
  header->program_count =
      static_cast<uint32_t>(request.other_programs.size() + 1);
  header->arg_count = static_cast<uint32_t>(request.args.size() + 1);
  header->env_count = static_cast<uint32_t>(request.env.size());
  header->root_step_count = static_cast<uint32_t>(isolation.steps.size());
  if (isolation.filter != nullptr) {
    header->filter_count =
        static_cast<uint32_t>(isolation.filter->program.size());
  }
}

void AppendStrings(const LaunchRequest& request, std::string& plan) {
  const IsolationPlan& isolation = request.isolation;
  AppendString(plan, request.cwd);
  AppendString(plan, isolation.hostname);
  AppendString(plan, isolation.label);
  AppendString(plan, isolation.uid_map);
  AppendString(plan, isolation.gid_map);
  AppendString(plan, request.program);
  for (const std::string& other : request.other_programs) {
    AppendString(plan, other);
  }
  AppendString(plan, request.program);
  for (const std::string& arg : request.args) AppendString(plan, arg);
  for (const std::string& variable : request.env) AppendString(plan, variable);
  for (const RootStep& step : isolation.steps) {
    AppendString(plan, step.target);
    AppendString(plan, step.text);
  }
}

PlanHeader MakeHeader(const LaunchRequest& request, PlanPurpose purpose,
                      int status_fd) {
  PlanHeader header = {};
  header.magic = kPlanMagic;
  header.version = kPlanVersion;

  header.status_fd = status_fd;
  header.state_dir_fd = request.state_dir.get();
  header.stdin_fd = request.stdin_fd.get();
  header.stdout_fd = request.stdout_fd.get();
  header.stderr_fd = request.stderr_fd.get();
  header.cgroup_dir_fd = request.cgroup.into_cgroup.get();
  header.kill_fd = request.cgroup.kill_file.get();
  header.procs_fd = request.cgroup.procs_file.get();
  header.freeze_fd = request.cgroup.freeze_file.get();
  header.freeze_is_v1 =
      request.cgroup.freeze_file_kind == FreezeFile::kFreezerState ? 1 : 0;

  header.relay = MakeRelay(request.relay);
  header.isolation = MakeIsolation(request.isolation);

  header.lasts_with_cgroup = request.exit_type == ExitType::kCgroup ? 1 : 0;
  header.report_exit = purpose == PlanPurpose::kCommand ? 1 : 0;
  header.tether_fd = request.tether.get();
  header.landlock_fd = request.landlock.get();
  header.controlling_tty = request.controlling_tty ? 1 : 0;
  header.umask = request.umask;
  header.nice = request.nice;
  if (request.credentials) {
    header.has_credentials = 1;
    header.uid = request.credentials->uid;
    header.gid = request.credentials->gid;
  }
  if (request.oom_score_adj) {
    header.has_oom_score_adj = 1;
    header.oom_score_adj = *request.oom_score_adj;
  }
  if (request.scheduling) {
    header.has_policy = 1;
    header.policy = PolicyNumber(request.scheduling->kind);
    header.policy_priority = request.scheduling->priority;
  }
  Count(request, &header);
  return header;
}

}  // namespace

std::string EncodePlan(const LaunchRequest& request, PlanPurpose purpose,
                       int status_fd) {
  PlanHeader header = MakeHeader(request, purpose, status_fd);
  std::string plan;
  Append(plan, header);
  for (const Rlimit& rlimit : request.rlimits) {
    Append(plan, MakeRlimit(rlimit));
  }
  for (const RootStep& step : request.isolation.steps) {
    Append(plan, MakeRootStep(step));
  }
  if (request.isolation.filter != nullptr) {
    for (const sock_filter& instruction : request.isolation.filter->program) {
      Append(plan, instruction);
    }
  }
  for (const UniqueFd& tasks_file : request.cgroup.tasks_files) {
    Append(plan, int32_t{tasks_file.get()});
  }
  if (request.credentials) {
    for (const gid_t group : request.credentials->groups) {
      Append(plan, uint32_t{group});
    }
  }
  AppendStrings(request, plan);

  header.size = plan.size();
  plan.replace(0, sizeof(header), reinterpret_cast<const char*>(&header),
               sizeof(header));
  return plan;
}

std::vector<int> PlanDescriptors(const LaunchRequest& request, int status_fd) {
  std::vector<int> fds = {status_fd};
  const CgroupEntry& cgroup = request.cgroup;
  const RelayStreams& relay = request.relay;
  const IsolationPlan& isolation = request.isolation;
  for (const UniqueFd* fd :
       {&request.state_dir,  &request.stdin_fd,   &request.stdout_fd,
        &request.stderr_fd,  &cgroup.into_cgroup, &cgroup.kill_file,
        &cgroup.procs_file,  &cgroup.freeze_file, &request.tether,
        &request.landlock,   &relay.input,        &relay.outputs[0],
        &relay.outputs[1],   &relay.terminal,     &relay.attach,
        &relay.client[0],    &relay.client[1],    &relay.client[2],
        &relay.logs[0].file, &relay.logs[0].dir,  &relay.logs[1].file,
        &relay.logs[1].dir,  &isolation.root,     &isolation.network,
        &isolation.join,     &isolation.join_root}) {
    if (*fd) fds.push_back(fd->get());
  }
  for (const RootStep& step : isolation.steps) {
    if (step.fd) fds.push_back(step.fd.get());
  }
  for (const UniqueFd& fd : cgroup.tasks_files) fds.push_back(fd.get());
  return fds;
}

absl::StatusOr<UniqueFd> SealPlan(const std::string& plan) {
  UniqueFd fd(memfd_create("reeve-plan", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) return ErrnoStatus(errno, "create the plan of a launch");

  absl::string_view left = plan;
  while (!left.empty()) {
    const ssize_t n = write(fd.get(), left.data(), left.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return ErrnoStatus(errno, "write the plan of a launch");
    left.remove_prefix(static_cast<size_t>(n));
  }
  if (fcntl(fd.get(), F_ADD_SEALS,
            F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0) {
    return ErrnoStatus(errno, "seal the plan of a launch");
  }
  return fd;
}

}  // namespace reeve
