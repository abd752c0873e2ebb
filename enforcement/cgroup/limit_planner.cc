#include "enforcement/cgroup/limit_planner.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "enforcement/cgroup/limit_text.h"

namespace reeve {

void LimitPlanner::Add(const char* controller, const std::string& file,
                       std::string requested, std::string value) {
  AddItem(controller, file, "", std::move(requested), std::move(value));
}

void LimitPlanner::AddItem(const char* controller, const std::string& file,
                           const std::string& item, std::string requested,
                           std::string value) {
  const auto now = current_.find(file);
  if (now == current_.end()) {
    Refuse(absl::UnavailableError(absl::StrCat(
        file, ": this kernel has no such file, so the limit cannot be set")));
    return;
  }
  const bool same =
      SameLimit(file, LimitTextIn(file, now->second, item), value);
  plan_.push_back({controller, file, item, std::move(requested),
                   std::move(value), /*needs_write=*/!same});
}

void LimitPlanner::AddIfThere(const char* controller, const std::string& file,
                              std::string requested, std::string value) {
  if (current_.count(file) == 0) return;
  Add(controller, file, std::move(requested), std::move(value));
}

std::optional<std::string> LimitPlanner::Text(const std::string& file) const {
  const auto now = current_.find(file);
  if (now == current_.end()) return std::nullopt;
  return CanonicalLimit(file, now->second);
}

std::string LimitPlanner::ItemText(const std::string& file,
                                   const std::string& item) const {
  const auto now = current_.find(file);
  return LimitTextIn(file, now == current_.end() ? "" : now->second, item);
}

uint64_t LimitPlanner::Now(const std::string& file) const {
  const std::optional<std::string> text = Text(file);
  if (!text.has_value()) return 0;
  uint64_t value = 0;
  return absl::SimpleAtoi(*text, &value) ? value : kNoLimit;
}

absl::StatusOr<std::vector<PlannedLimit>> LimitPlanner::Result() && {
  if (!status_.ok()) return status_;
  return std::move(plan_);
}

std::string BoundText(const Bound& bound) {
  return bound.value.has_value() ? absl::StrCat(*bound.value) : "max";
}

std::string V1Text(const std::string& text) {
  return text == "max" ? "-1" : text;
}

}  // namespace reeve
