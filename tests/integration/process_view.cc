#include "tests/integration/process_view.h"

#include <dirent.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/cpu_list.h"
#include "base/file.h"

namespace reeve {
namespace {

std::string TextOf(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadFile(path);
  return text.ok() ? *text : "";
}

// Counted as in proc(5).
std::string StatField(pid_t pid, pid_t tid, size_t field) {
  const std::string stat =
      TextOf(absl::StrCat("/proc/", pid, "/task/", tid, "/stat"));
  const size_t name_end = stat.rfind(") ");
  if (name_end == std::string::npos) return "";
  const std::vector<std::string> fields =
      absl::StrSplit(stat.substr(name_end + 2), ' ');
  return fields.at(field - 3);
}

}  // namespace

std::vector<pid_t> ProcessesIn(const std::string& directory) {
  std::vector<pid_t> pids;
  const std::string text = TextOf(absl::StrCat(directory, "/cgroup.procs"));
  for (const absl::string_view line :
       absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    pid_t pid = 0;
    if (absl::SimpleAtoi(line, &pid)) pids.push_back(pid);
  }
  return pids;
}

std::vector<pid_t> ThreadsOf(pid_t pid) {
  std::vector<pid_t> tids;
  DIR* const dir = opendir(absl::StrCat("/proc/", pid, "/task").c_str());
  if (dir == nullptr) return tids;
  while (const dirent* entry = readdir(dir)) {
    pid_t tid = 0;
    if (absl::SimpleAtoi(entry->d_name, &tid)) tids.push_back(tid);
  }
  closedir(dir);
  return tids;
}

std::string ParentOf(pid_t pid) { return StatField(pid, pid, 4); }

std::string OomScoreAdjOf(pid_t pid) {
  return std::string(absl::StripAsciiWhitespace(
      TextOf(absl::StrCat("/proc/", pid, "/oom_score_adj"))));
}

std::string NiceOf(pid_t pid, pid_t tid) { return StatField(pid, tid, 19); }

std::string PolicyOf(pid_t pid, pid_t tid) {
  const std::string priority = StatField(pid, tid, 40);
  const std::string policy = StatField(pid, tid, 41);
  return priority == "0" ? policy : absl::StrCat(policy, ":", priority);
}

std::string LimitOf(pid_t pid, const std::string& name) {
  return LimitIn(TextOf(absl::StrCat("/proc/", pid, "/limits")), name);
}

std::string LimitIn(const std::string& text, const std::string& name) {
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    if (!absl::ConsumePrefix(&line, name)) continue;
    const std::vector<absl::string_view> words =
        absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (words.size() >= 2) return absl::StrCat(words[0], " ", words[1]);
  }
  return "";
}

std::string AffinityOf(pid_t pid) {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(pid, sizeof(set), &set) != 0) return "";
  CpuList cpus;
  for (uint32_t cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
  }
  return FormatCpuList(cpus);
}

bool HasCapability(int capability) {
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
  if (syscall(SYS_capget, &header, data) != 0) return false;
  return (data[CAP_TO_INDEX(capability)].effective & CAP_TO_MASK(capability)) !=
         0;
}

}  // namespace reeve
