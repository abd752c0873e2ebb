#include "agent/tasks/output_tail.h"

#include <utility>

namespace reeve {

void OutputTail::Append(absl::string_view bytes) {
  total_ += bytes.size();
  if (bytes.size() > capacity_) bytes.remove_prefix(bytes.size() - capacity_);
  kept_.append(bytes.data(), bytes.size());
  if (kept_.size() >= 2 * capacity_) kept_.erase(0, kept_.size() - capacity_);
}

std::string OutputTail::Take() && {
  if (kept_.size() > capacity_) kept_.erase(0, kept_.size() - capacity_);
  return std::move(kept_);
}

}  // namespace reeve
