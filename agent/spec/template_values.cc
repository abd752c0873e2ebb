#include "agent/spec/template_values.h"

#include <algorithm>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace reeve {
namespace {

constexpr size_t kMaxBytes = 64 << 10;

absl::string_view WithoutQuotes(absl::string_view value) {
  if (value.size() < 2) return value;
  const char first = value.front();
  if (first != value.back() || (first != '"' && first != '\'')) return value;
  return value.substr(1, value.size() - 2);
}

bool IsNameCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_';
}

}  // namespace

bool IsTemplateName(absl::string_view name) {
  return !name.empty() &&
         !absl::ascii_isdigit(static_cast<unsigned char>(name.front())) &&
         std::all_of(name.begin(), name.end(), IsNameCharacter);
}

absl::StatusOr<TemplateValues> ParseTemplateValues(absl::string_view text) {
  TemplateValues values;
  size_t number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line.front() == '#') continue;
    const size_t equals = line.find('=');
    const absl::string_view name =
        absl::StripTrailingAsciiWhitespace(line.substr(0, equals));
    if (equals == absl::string_view::npos || !IsTemplateName(name)) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, ": give NAME=value"));
    }
    const absl::string_view value =
        absl::StripLeadingAsciiWhitespace(line.substr(equals + 1));
    values[std::string(name)] = std::string(WithoutQuotes(value));
  }
  return values;
}

absl::StatusOr<TemplateValues> ReadTemplateValues(const std::string& path,
                                                  TrustedWriters writers) {
  const absl::StatusOr<std::string> text =
      ReadConfiguration(path, kMaxBytes, writers);
  if (!text.ok()) {
    return absl::Status(text.status().code(),
                        absl::StrCat(path, ": ", text.status().message()));
  }
  absl::StatusOr<TemplateValues> values = ParseTemplateValues(*text);
  if (values.ok()) return values;
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": ", values.status().message()));
}

}  // namespace reeve
