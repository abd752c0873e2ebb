// Prints what a task was started with, one KEY=VALUE a line: its arguments,
// environment ("env.NAME="), ids, groups, session, working directory, umask,
// signals, limits and open descriptors.
#include <dirent.h>
#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

extern char** environ;

namespace {

void ShowIds() {
  uid_t real_uid;
  uid_t effective_uid;
  uid_t saved_uid;
  gid_t real_gid;
  gid_t effective_gid;
  gid_t saved_gid;
  getresuid(&real_uid, &effective_uid, &saved_uid);
  getresgid(&real_gid, &effective_gid, &saved_gid);
  std::printf("uid=%u,%u,%u\n", real_uid, effective_uid, saved_uid);
  std::printf("gid=%u,%u,%u\n", real_gid, effective_gid, saved_gid);

  std::vector<gid_t> groups(static_cast<size_t>(getgroups(0, nullptr)));
  const int count = getgroups(static_cast<int>(groups.size()), groups.data());
  groups.resize(count < 0 ? 0 : static_cast<size_t>(count));
  std::sort(groups.begin(), groups.end());
  std::printf("groups=");
  for (size_t i = 0; i < groups.size(); ++i) {
    std::printf("%s%u", i == 0 ? "" : ",", groups[i]);
  }
  std::printf("\n");
}

void ShowSignals() {
  sigset_t blocked;
  sigprocmask(SIG_BLOCK, nullptr, &blocked);
  int blocked_count = 0;
  int not_default_count = 0;
  for (int signal_number = 1; signal_number < NSIG; ++signal_number) {
    if (sigismember(&blocked, signal_number) == 1) ++blocked_count;
    struct sigaction action;
    if (sigaction(signal_number, nullptr, &action) == 0 &&
        action.sa_handler != SIG_DFL) {
      ++not_default_count;
    }
  }
  std::printf("signals_blocked=%d\nsignals_not_default=%d\n", blocked_count,
              not_default_count);
}

void ShowFile(const char* key, const char* path) {
  char line[4096] = "";
  FILE* file = std::fopen(path, "re");
  if (file == nullptr) return;
  while (std::fgets(line, sizeof(line), file) != nullptr) {
    line[std::strcspn(line, "\n")] = '\0';
    std::printf("%s=%s\n", key, line);
  }
  std::fclose(file);
}

void ShowDescriptors() {
  DIR* dir = opendir("/proc/self/fd");
  if (dir == nullptr) return;
  std::vector<int> fds;
  while (const dirent* entry = readdir(dir)) {
    const int fd = std::atoi(entry->d_name);
    if (entry->d_name[0] != '.' && fd != dirfd(dir)) fds.push_back(fd);
  }
  closedir(dir);
  std::sort(fds.begin(), fds.end());
  std::printf("fds=");
  for (size_t i = 0; i < fds.size(); ++i) {
    std::printf("%s%d", i == 0 ? "" : ",", fds[i]);
  }
  std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 0; i < argc; ++i) std::printf("argv.%d=%s\n", i, argv[i]);
  for (char** entry = environ; *entry != nullptr; ++entry) {
    std::printf("env.%s\n", *entry);
  }
  std::printf("pid=%d\nppid=%d\npgid=%d\nsession=%d\n", getpid(), getppid(),
              getpgid(0), getsid(0));
  ShowIds();
  char cwd[4096];
  std::printf("cwd=%s\n", getcwd(cwd, sizeof(cwd)) != nullptr ? cwd : "?");
  const mode_t mask = umask(0);
  umask(mask);
  std::printf("umask=%03o\n", mask);
  std::printf("nice=%d\n", getpriority(PRIO_PROCESS, 0));
  rlimit nofile;
  getrlimit(RLIMIT_NOFILE, &nofile);
  std::printf("nofile=%llu:%llu\n",
              static_cast<unsigned long long>(nofile.rlim_cur),
              static_cast<unsigned long long>(nofile.rlim_max));
  std::printf("dumpable=%d\n", prctl(PR_GET_DUMPABLE));
  ShowSignals();
  ShowFile("oom_score_adj", "/proc/self/oom_score_adj");
  ShowFile("cgroup", "/proc/self/cgroup");
  ShowDescriptors();
  return 0;
}
