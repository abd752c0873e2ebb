#include "agent/priority.h"

#include <sys/resource.h>

namespace reeve {

int RaisePriority() {
  constexpr int kNice = -10;
  const int before = getpriority(PRIO_PROCESS, 0);
  if (before > kNice) (void)setpriority(PRIO_PROCESS, 0, kNice);
  return before;
}

}  // namespace reeve
