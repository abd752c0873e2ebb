#include "tests/collectors/fake_host.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "absl/strings/str_cat.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "gtest/gtest.h"

namespace reeve {

FakeHost::FakeHost() {
  tree_.Write("proc/stat", "cpu 1 2 3\nbtime 1700000000\n");
  tree_.Write("proc/cpuinfo",
              "processor\t: 0\ncpu MHz\t: 2500.5\n\n"
              "processor\t: 1\ncpu MHz\t: 2500.5\n\n");
}

void FakeHost::SetTask(const std::string& id, uint64_t cpu_usec,
                       uint64_t memory_bytes) {
  const std::string dir = absl::StrCat("cgroup/", id);
  tree_.Write(
      dir + "/cpu.stat",
      absl::StrCat("usage_usec ", cpu_usec, "\nuser_usec ", cpu_usec * 3 / 4,
                   "\nsystem_usec ", cpu_usec / 4, "\n"));
  tree_.Write(dir + "/memory.current", absl::StrCat(memory_bytes, "\n"));
  tree_.Write(dir + "/memory.events", "oom 0\noom_kill 0\n");
}

void FakeHost::SetProcesses(const std::string& id,
                            const std::vector<pid_t>& pids) {
  std::string procs;
  for (const pid_t pid : pids) absl::StrAppend(&procs, pid, "\n");
  tree_.Write(absl::StrCat("cgroup/", id, "/cgroup.procs"), procs);
}

void FakeHost::SetProcess(pid_t pid, uint64_t start_ticks, uint64_t user_ticks,
                          uint64_t system_ticks) {
  tree_.Write(absl::StrCat("proc/", pid, "/stat"),
              absl::StrCat(pid, " (worker) S 1 12 12 0 -1 4194304 9 2 0 3 ",
                           user_ticks, " ", system_ticks, " 5 6 20 0 3 0 ",
                           start_ticks, " 4571136 883\n"));
  tree_.Write(absl::StrCat("proc/", pid, "/status"),
              "Name:\tworker\nVmRSS:\t100 kB\nThreads:\t3\n");
}

void FakeHost::RemoveProcess(pid_t pid) {
  tree_.Remove(absl::StrCat("proc/", pid));
}

void FakeHost::PrepareRemoval(const std::string& id) {
  doomed_ = fork();
  if (doomed_ == 0) {
    pause();
    _exit(0);
  }
  ASSERT_GT(doomed_, 0);
  tree_.MakeLink(absl::StrCat("cgroup/", id, "/memory.peak"),
                 absl::StrCat("/proc/", doomed_, "/oom_score"));
}

void FakeHost::RemoveTask() {
  ASSERT_EQ(kill(doomed_, SIGKILL), 0);
  ASSERT_EQ(waitpid(doomed_, nullptr, 0), doomed_);
}

void FakeHost::SetOomKills(const std::string& id, uint64_t kills) {
  tree_.Write(absl::StrCat("cgroup/", id, "/memory.events"),
              absl::StrCat("oom 0\noom_kill ", kills, "\n"));
}

TaskTarget FakeHost::Target(const std::string& id) const {
  TaskTarget target;
  target.id = id;
  target.cgroup = LocateCgroup(CgroupMounts({{CgroupVersion::kV2,
                                              tree_.Path("cgroup"),
                                              {"cpu", "memory", "pids"}}}),
                               absl::StrCat("/", id));
  return target;
}

}  // namespace reeve
