#include "base/name_pattern.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

absl::Status CompileTo(const std::string& expression, regex_t* compiled) {
  const int error =
      regcomp(compiled, expression.c_str(), REG_EXTENDED | REG_NOSUB);
  if (error == 0) return absl::OkStatus();
  char why[256];
  regerror(error, compiled, why, sizeof(why));
  return absl::InvalidArgumentError(why);
}

}  // namespace

absl::StatusOr<NamePattern> NamePattern::Compile(absl::string_view expression) {
  NamePattern pattern;
  if (expression.empty()) return pattern;
  const auto refuse = [expression](const absl::Status& why) {
    return absl::InvalidArgumentError(
        absl::StrCat(expression, ": no regular expression: ", why.message()));
  };
  // Alone, too: in parentheses it may be another, as "a)(b" is.
  regex_t alone;
  const absl::Status valid = CompileTo(std::string(expression), &alone);
  if (!valid.ok()) return refuse(valid);
  regfree(&alone);

  auto whole = std::make_unique<regex_t>();
  const absl::Status compiled =
      CompileTo(absl::StrCat("^(", expression, ")$"), whole.get());
  if (!compiled.ok()) return refuse(compiled);
  pattern.compiled_ =
      std::shared_ptr<const regex_t>(whole.release(), [](const regex_t* regex) {
        auto* const owned = const_cast<regex_t*>(regex);
        regfree(owned);
        delete owned;
      });
  return pattern;
}

bool NamePattern::Matches(const std::string& name) const {
  return compiled_ != nullptr &&
         regexec(compiled_.get(), name.c_str(), 0, nullptr, 0) == 0;
}

}  // namespace reeve
