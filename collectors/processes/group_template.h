#ifndef REEVE_COLLECTORS_PROCESSES_GROUP_TEMPLATE_H_
#define REEVE_COLLECTORS_PROCESSES_GROUP_TEMPLATE_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// What a process can be told by.
enum class ProcessTrait {
  kComm,
  // The file that it executes: its name, and its path.
  kExe,
  kExePath,
  kUser,
  kCgroup,
  // The id of the task that it is of; empty for others.
  kTask,
  kPid
};

// Of one process, those traits that somebody asks for.
struct ProcessTraits {
  pid_t pid = 0;
  std::string comm;
  std::string exe_path;
  std::string user;
  std::string cgroup;
  std::string task;
};

// Names the group of a process: text with the traits of the process in it. A
// value; thread-compatible.
class GroupTemplate {
 public:
  // comm, exe, cgroup, user or task, or a template such as
  // "{{.Comm}};{{.User}}", in which Comm, Exe, ExePath, User, Cgroup, Task and
  // Pid are known. kInvalidArgument, with what is, for anything else.
  static absl::StatusOr<GroupTemplate> Parse(absl::string_view text);

  // By the name of the program.
  GroupTemplate();

  // Puts the name into `name`, in the place of what it holds. Empty if the
  // process has none of the traits: it is in no group then.
  void Name(const ProcessTraits& traits, std::string& name) const;

  // Whether names depend on `trait`.
  bool Uses(ProcessTrait trait) const;

 private:
  // A trait, with text before it.
  struct Part {
    std::string text;
    ProcessTrait trait;
  };

  std::vector<Part> parts_;
  std::string text_after_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCESSES_GROUP_TEMPLATE_H_
