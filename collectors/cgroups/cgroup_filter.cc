#include "collectors/cgroups/cgroup_filter.h"

#include <re2/re2.h>

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

using Expression = std::shared_ptr<const re2::RE2>;

// Leaves `expression` as it was if the text is no expression.
absl::Status Set(const std::string& text, Expression& expression) {
  if (text.empty()) {
    expression = nullptr;
    return absl::OkStatus();
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  // A name may have a line break.
  options.set_dot_nl(true);
  auto compiled = std::make_shared<const re2::RE2>(text, options);
  if (!compiled->ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(text, ": not a regular expression: ", compiled->error(),
                     "; use one as RE2 has them, such as /system\\.slice/.+"));
  }
  expression = std::move(compiled);
  return absl::OkStatus();
}

bool Matches(const Expression& expression, absl::string_view path) {
  return re2::RE2::FullMatch(re2::StringPiece(path.data(), path.size()),
                             *expression);
}

}  // namespace

absl::Status CgroupFilter::SetInclude(const std::string& text) {
  return Set(text, include_);
}

absl::Status CgroupFilter::SetExclude(const std::string& text) {
  return Set(text, exclude_);
}

bool CgroupFilter::Wants(absl::string_view path) const {
  if (include_ != nullptr && !Matches(include_, path)) return false;
  return exclude_ == nullptr || !Matches(exclude_, path);
}

}  // namespace reeve
