#ifndef REEVE_AGENT_CLI_DETACH_KEYS_H_
#define REEVE_AGENT_CLI_DETACH_KEYS_H_

#include <string>

#include "absl/strings/string_view.h"

namespace reeve {

// Finds ctrl-p ctrl-q in what is typed. Thread-compatible.
class DetachKeys {
 public:
  // Adds to *passed what is for the task: a ctrl-p is held back until the next
  // key. Returns whether the keys were typed; what follows them is dropped.
  bool Take(absl::string_view typed, std::string* passed);

 private:
  bool holds_first_ = false;
};

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_DETACH_KEYS_H_
