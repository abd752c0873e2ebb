#include "collectors/processes/group_filter.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "re2/re2.h"

namespace reeve {
namespace {

using Expression = std::shared_ptr<const re2::RE2>;

re2::StringPiece PieceOf(absl::string_view text) {
  return {text.data(), text.size()};
}

absl::Status Set(absl::string_view text, Expression& expression) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  // Names may be any bytes.
  options.set_encoding(re2::RE2::Options::EncodingLatin1);
  auto compiled = std::make_shared<re2::RE2>(PieceOf(text), options);
  if (!compiled->ok()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", absl::CEscape(text), "\": ", absl::CEscape(compiled->error())));
  }
  expression = compiled;
  return absl::OkStatus();
}

}  // namespace

absl::Status GroupFilter::SetInclude(absl::string_view expression) {
  return Set(expression, include_);
}

absl::Status GroupFilter::SetExclude(absl::string_view expression) {
  return Set(expression, exclude_);
}

bool GroupFilter::Accepts(absl::string_view name) const {
  const re2::StringPiece piece = PieceOf(name);
  if (include_ != nullptr && !re2::RE2::FullMatch(piece, *include_)) {
    return false;
  }
  return exclude_ == nullptr || !re2::RE2::FullMatch(piece, *exclude_);
}

}  // namespace reeve
