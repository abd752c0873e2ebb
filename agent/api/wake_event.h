#ifndef REEVE_AGENT_API_WAKE_EVENT_H_
#define REEVE_AGENT_API_WAKE_EVENT_H_

#include "base/unique_fd.h"

namespace reeve {

// Wakes a thread in poll(2). Thread-safe.
class WakeEvent {
 public:
  WakeEvent();

  // Can be read from Notify() on until Clear().
  int fd() const { return event_.get(); }
  void Notify();
  void Clear();

 private:
  UniqueFd event_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_API_WAKE_EVENT_H_
