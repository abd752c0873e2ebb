#include "collectors/cgroup/v1/limit_hits.h"

#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace reeve {
namespace {

using Release = std::pair<int, int>;
constexpr Release kCountsNoMore = {6, 15};

}  // namespace

std::optional<uint64_t> LimitHits(const LimitFailures& failures) {
  if (!failures.memory.has_value()) return std::nullopt;
  if (failures.memory_and_swap.has_value()) {
    return *failures.memory + *failures.memory_and_swap;
  }
  return failures.swap_is_off ? std::nullopt : failures.memory;
}

bool CountsMemoryAndSwapFailures(absl::string_view release) {
  const std::vector<absl::string_view> parts =
      absl::StrSplit(release, absl::ByAnyChar(".-+"));
  Release parsed;
  if (parts.size() < 2 || !absl::SimpleAtoi(parts[0], &parsed.first) ||
      !absl::SimpleAtoi(parts[1], &parsed.second)) {
    return false;
  }
  return parsed < kCountsNoMore;
}

}  // namespace reeve
