#include "enforcement/cgroup/task_limit_files.h"

#include "enforcement/process/process_limit_text.h"

namespace reeve {

LimitFiles& TaskLimitFiles::Find(const std::string& controller) const {
  return controller == kProcessController ? process_ : cgroup_;
}

}  // namespace reeve
