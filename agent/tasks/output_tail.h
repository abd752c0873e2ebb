#ifndef REEVE_AGENT_TASKS_OUTPUT_TAIL_H_
#define REEVE_AGENT_TASKS_OUTPUT_TAIL_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace reeve {

// The last bytes of a stream of any length. Thread-compatible.
class OutputTail {
 public:
  explicit OutputTail(size_t capacity) : capacity_(capacity) {}

  void Append(absl::string_view bytes);

  // Whether bytes were dropped.
  bool is_truncated() const { return total_ > capacity_; }

  // Those that are left, at most the capacity.
  std::string Take() &&;

 private:
  const size_t capacity_;
  // Up to twice the capacity, so that bytes are moved rarely.
  std::string kept_;
  size_t total_ = 0;
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_OUTPUT_TAIL_H_
