#include "agent/task_files/apply_step.h"

namespace reeve {

const char* ActionName(ApplyStep::Action action) {
  switch (action) {
    case ApplyStep::Action::kNone:
      return "none";
    case ApplyStep::Action::kLaunch:
      return "launch";
    case ApplyStep::Action::kUpdate:
      return "update";
    case ApplyStep::Action::kRestart:
      return "restart";
    case ApplyStep::Action::kStop:
      return "stop";
  }
  return "none";
}

}  // namespace reeve
