#include "base/name_pattern.h"

#include <re2/re2.h>

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

re2::StringPiece PieceOf(absl::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

absl::StatusOr<NamePattern> NamePattern::Compile(absl::string_view expression) {
  NamePattern pattern;
  if (expression.empty()) return pattern;
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  // A name may have a line break, and bytes that are no text.
  options.set_encoding(re2::RE2::Options::EncodingLatin1);
  options.set_dot_nl(true);
  auto compiled =
      std::make_shared<const re2::RE2>(PieceOf(expression), options);
  if (!compiled->ok()) {
    return absl::InvalidArgumentError(absl::StrCat(
        absl::CEscape(expression), ": not a regular expression: ",
        absl::CEscape(compiled->error()), "; use one in the syntax of RE2"));
  }
  pattern.compiled_ = std::move(compiled);
  return pattern;
}

bool NamePattern::operator==(const NamePattern& other) const {
  if (compiled_ == nullptr || other.compiled_ == nullptr) {
    return compiled_ == other.compiled_;
  }
  return compiled_->pattern() == other.compiled_->pattern();
}

bool NamePattern::Matches(absl::string_view name) const {
  return compiled_ != nullptr && re2::RE2::FullMatch(PieceOf(name), *compiled_);
}

}  // namespace reeve
