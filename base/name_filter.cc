#include "base/name_filter.h"

#include <utility>

#include "absl/status/statusor.h"

namespace reeve {

absl::Status NameFilter::SetInclude(absl::string_view text) {
  absl::StatusOr<NamePattern> pattern = NamePattern::Compile(text);
  if (!pattern.ok()) return pattern.status();
  include_.reset();
  if (!text.empty()) include_ = *std::move(pattern);
  return absl::OkStatus();
}

absl::Status NameFilter::SetExclude(absl::string_view text) {
  absl::StatusOr<NamePattern> pattern = NamePattern::Compile(text);
  if (!pattern.ok()) return pattern.status();
  exclude_ = *std::move(pattern);
  return absl::OkStatus();
}

bool NameFilter::Wants(absl::string_view path) const {
  if (include_.has_value() && !include_->Matches(path)) return false;
  return !exclude_.Matches(path);
}

}  // namespace reeve
