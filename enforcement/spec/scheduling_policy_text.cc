#include "enforcement/spec/scheduling_policy_text.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace reeve {
namespace {

using Kind = SchedulingPolicy::Kind;

constexpr std::pair<absl::string_view, Kind> kNames[] = {
    {"other", Kind::kOther}, {"batch", Kind::kBatch},   {"idle", Kind::kIdle},
    {"fifo", Kind::kFifo},   {"rr", Kind::kRoundRobin},
};

absl::Status NoPolicy(absl::string_view text) {
  return absl::InvalidArgumentError(absl::StrCat(
      "scheduling policy \"", absl::CHexEscape(text),
      "\": give other, batch, idle, fifo:PRIORITY or rr:PRIORITY, with a "
      "priority of 1 to 99"));
}

}  // namespace

absl::StatusOr<SchedulingPolicy> ParseSchedulingPolicy(absl::string_view text) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits(':', 1));
  const bool has_priority = parts.first.size() != text.size();
  for (const auto& [name, kind] : kNames) {
    if (parts.first != name) continue;
    SchedulingPolicy policy;
    policy.kind = kind;
    if (has_priority != policy.is_real_time()) return NoPolicy(text);
    if (has_priority && (parts.second.find_first_not_of("0123456789") !=
                             absl::string_view::npos ||
                         !absl::SimpleAtoi(parts.second, &policy.priority) ||
                         policy.priority < SchedulingPolicy::kMinPriority ||
                         policy.priority > SchedulingPolicy::kMaxPriority)) {
      return NoPolicy(text);
    }
    return policy;
  }
  return NoPolicy(text);
}

std::string SchedulingPolicyText(const SchedulingPolicy& policy) {
  for (const auto& [name, kind] : kNames) {
    if (kind != policy.kind) continue;
    return policy.is_real_time() ? absl::StrCat(name, ":", policy.priority)
                                 : std::string(name);
  }
  return "";
}

}  // namespace reeve
