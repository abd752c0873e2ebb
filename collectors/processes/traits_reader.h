#ifndef REEVE_COLLECTORS_PROCESSES_TRAITS_READER_H_
#define REEVE_COLLECTORS_PROCESSES_TRAITS_READER_H_

#include <sys/types.h>

#include <functional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/kept_file.h"
#include "collectors/cgroup/sample_pass.h"
#include "collectors/processes/group_template.h"
#include "collectors/processes/user_names.h"

namespace reeve {

// The id of the task that has the cgroup of this path, or one below; empty if
// none has.
using TaskOfCgroup = std::function<std::string(absl::string_view cgroup)>;

// Reads what a process can be told by and what no round reads anyway.
// Thread-compatible.
class TraitsReader {
 public:
  // What is to be read; the rest stays empty.
  struct Wanted {
    bool exe = false;
    bool user = false;
    bool cgroup = false;
    bool task = false;
  };

  TraitsReader(Wanted wanted, TaskOfCgroup task_of_cgroup)
      : wanted_(wanted), task_of_cgroup_(std::move(task_of_cgroup)) {}

  // Replaces all traits but pid and name, by which a process that has no file
  // is told: "[kthreadd]". What cannot be read is told to `on_error`, and
  // nothing of a process that ends meanwhile.
  void Read(int procfs_fd, absl::Duration now, ProcessTraits& traits,
            ReadErrorSink on_error);

 private:
  void ReadExe(int procfs_fd, ProcessTraits& traits, ReadErrorSink on_error);
  void ReadUser(int procfs_fd, absl::Duration now, ProcessTraits& traits,
                ReadErrorSink on_error);
  void ReadCgroup(int procfs_fd, ProcessTraits& traits, ReadErrorSink on_error);

  const Wanted wanted_;
  const TaskOfCgroup task_of_cgroup_;
  UserNames users_;
  ReadBuffer buffer_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCESSES_TRAITS_READER_H_
