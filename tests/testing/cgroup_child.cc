#include "tests/testing/cgroup_child.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <utility>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

// fork(), into the cgroup if there is one.
pid_t ForkInto(const UniqueFd& cgroup) {
  clone_args args = {};
  args.exit_signal = SIGCHLD;
  if (cgroup) {
    args.flags = CLONE_INTO_CGROUP;
    args.cgroup = static_cast<uint64_t>(cgroup.get());
  }
  return static_cast<pid_t>(syscall(SYS_clone3, &args, sizeof(args)));
}

// `entered` is closed when the child is in all its cgroups.
[[noreturn]] void RunChild(const CgroupEntry& entry, UniqueFd entered,
                           const std::function<int()>& body) {
  for (const UniqueFd& tasks : entry.tasks_files) {
    if (write(tasks.get(), "0", 1) != 1) _exit(99);
  }
  entered.Reset();
  _exit(body());
}

}  // namespace

CgroupChild::CgroupChild(const CgroupEntry& entry,
                         const std::function<int()>& body) {
  int ends[2];
  EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd entered(ends[0]);
  UniqueFd entering(ends[1]);
  pid_ = ForkInto(entry.into_cgroup);
  if (pid_ == 0) RunChild(entry, std::move(entering), body);
  EXPECT_GT(pid_, 0) << "clone3: " << std::strerror(errno);

  entering.Reset();
  char none;
  EXPECT_EQ(read(entered.get(), &none, 1), 0);
}

CgroupChild::~CgroupChild() { Stop(); }

std::optional<int> CgroupChild::Wait(absl::Duration timeout) {
  const absl::Time deadline = absl::Now() + timeout;
  while (!status_.has_value()) {
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) {
      status_ = status;
    } else if (absl::Now() >= deadline) {
      break;
    } else {
      absl::SleepFor(absl::Milliseconds(1));
    }
  }
  return status_;
}

void CgroupChild::Stop() {
  if (pid_ <= 0 || status_.has_value()) return;
  kill(pid_, SIGKILL);
  int status = 0;
  EXPECT_EQ(waitpid(pid_, &status, 0), pid_);
  status_ = status;
}

}  // namespace reeve
