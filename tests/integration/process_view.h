#ifndef REEVE_TESTS_INTEGRATION_PROCESS_VIEW_H_
#define REEVE_TESTS_INTEGRATION_PROCESS_VIEW_H_

#include <sys/types.h>

#include <string>
#include <vector>

namespace reeve {

// What /proc says of a process, read apart from the code that is tested. "" of
// one that is gone.

// Those of a cgroup, by the path of its directory.
std::vector<pid_t> ProcessesIn(const std::string& directory);

std::vector<pid_t> ThreadsOf(pid_t pid);

// Field 4 of /proc/PID/stat.
std::string ParentOf(pid_t pid);

std::string OomScoreAdjOf(pid_t pid);

// Fields 19 and 41 of /proc/PID/task/TID/stat, and 40 behind a colon where it
// is not 0: "5", "1:7".
std::string NiceOf(pid_t pid, pid_t tid);
std::string PolicyOf(pid_t pid, pid_t tid);

// "100 200" of "Max open files   100   200   files" in /proc/PID/limits.
std::string LimitOf(pid_t pid, const std::string& name);
// The same of the text of that file.
std::string LimitIn(const std::string& text, const std::string& name);

// CPUs it may run on, as a list: "0-2,7".
std::string AffinityOf(pid_t pid);

// Whether this process has a capability of <linux/capability.h>.
bool HasCapability(int capability);

}  // namespace reeve

#endif  // REEVE_TESTS_INTEGRATION_PROCESS_VIEW_H_
