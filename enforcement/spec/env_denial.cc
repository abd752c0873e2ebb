#include "enforcement/spec/env_denial.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace reeve {
namespace {

constexpr absl::string_view kInNoName("*=\0", 3);

absl::string_view NameOf(absl::string_view variable) {
  return variable.substr(0, variable.find('='));
}

}  // namespace

absl::StatusOr<EnvDenial> EnvDenial::Parse(absl::string_view text) {
  EnvDenial denial;
  if (text.empty()) return denial;
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    absl::string_view name = part;
    const bool is_prefix = absl::ConsumeSuffix(&name, "*");
    if (part.empty() ||
        name.find_first_of(kInNoName) != absl::string_view::npos) {
      return absl::InvalidArgumentError(absl::StrCat(
          "environment variable \"", absl::CHexEscape(part),
          "\": give a name, or the beginning of one and *, such as LD_*"));
    }
    (is_prefix ? denial.prefixes_ : denial.names_).emplace_back(name);
  }
  return denial;
}

bool EnvDenial::Denies(absl::string_view name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end() ||
         std::any_of(prefixes_.begin(), prefixes_.end(),
                     [&](const std::string& prefix) {
                       return absl::StartsWith(name, prefix);
                     });
}

std::vector<std::string> EnvDenial::RemoveFrom(
    std::vector<std::string> env) const {
  const auto is_denied = [&](const std::string& variable) {
    return Denies(NameOf(variable));
  };
  env.erase(std::remove_if(env.begin(), env.end(), is_denied), env.end());
  return env;
}

}  // namespace reeve
