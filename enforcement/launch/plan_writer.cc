#include "enforcement/launch/plan_writer.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "base/file.h"
#include "enforcement/shim/plan_format.h"

namespace reeve {
namespace {

// What a program expects that knows nothing of us.
constexpr uint32_t kUmask = 022;

template <typename T>
void Append(std::string& plan, const T& value) {
  plan.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

// With the NUL that ends it.
void AppendString(std::string& plan, const std::string& text) {
  plan.append(text.c_str(), text.size() + 1);
}

PlanHeader MakeHeader(const LaunchRequest& request, int status_fd) {
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

  header.lasts_with_cgroup = request.exit_type == ExitType::kCgroup ? 1 : 0;
  header.umask = kUmask;
  header.nice = request.nice;
  if (request.credentials) {
    header.has_credentials = 1;
    header.uid = request.credentials->uid;
    header.gid = request.credentials->gid;
    header.group_count =
        static_cast<uint32_t>(request.credentials->groups.size());
  }
  if (request.nofile) {
    header.has_nofile = 1;
    header.nofile_soft = request.nofile->rlim_cur;
    header.nofile_hard = request.nofile->rlim_max;
  }
  header.tasks_fd_count =
      static_cast<uint32_t>(request.cgroup.tasks_files.size());
  header.arg_count = static_cast<uint32_t>(request.args.size() + 1);
  header.env_count = static_cast<uint32_t>(request.env.size());
  return header;
}

}  // namespace

std::string EncodePlan(const LaunchRequest& request, int status_fd) {
  PlanHeader header = MakeHeader(request, status_fd);
  std::string plan;
  Append(plan, header);
  for (const UniqueFd& tasks_file : request.cgroup.tasks_files) {
    Append(plan, int32_t{tasks_file.get()});
  }
  if (request.credentials) {
    for (const gid_t group : request.credentials->groups) {
      Append(plan, uint32_t{group});
    }
  }
  AppendString(plan, request.cwd);
  AppendString(plan, request.program);
  for (const std::string& arg : request.args) AppendString(plan, arg);
  for (const std::string& variable : request.env) AppendString(plan, variable);

  header.size = plan.size();
  plan.replace(0, sizeof(header), reinterpret_cast<const char*>(&header),
               sizeof(header));
  return plan;
}

std::vector<int> PlanDescriptors(const LaunchRequest& request, int status_fd) {
  std::vector<int> fds = {status_fd};
  const CgroupEntry& cgroup = request.cgroup;
  for (const UniqueFd* fd :
       {&request.state_dir, &request.stdin_fd, &request.stdout_fd,
        &request.stderr_fd, &cgroup.into_cgroup, &cgroup.kill_file,
        &cgroup.procs_file, &cgroup.freeze_file}) {
    if (*fd) fds.push_back(fd->get());
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
