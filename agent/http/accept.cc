#include "agent/http/accept.h"

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace reeve {
namespace {

// `text/plain;version=0.0.4;q=0.5`, or what of it matters.
struct MediaRange {
  absl::string_view type;
  // Empty if any will do.
  absl::string_view version;
  double weight = 1;
};

MediaRange Parse(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ';');
  MediaRange range;
  range.type = absl::StripAsciiWhitespace(parts[0]);
  for (size_t i = 1; i < parts.size(); ++i) {
    absl::string_view parameter = absl::StripAsciiWhitespace(parts[i]);
    if (absl::ConsumePrefix(&parameter, "version=")) {
      absl::ConsumePrefix(&parameter, "\"");
      absl::ConsumeSuffix(&parameter, "\"");
      range.version = parameter;
    } else if (absl::ConsumePrefix(&parameter, "q=") &&
               !absl::SimpleAtod(parameter, &range.weight)) {
      range.weight = 0;
    }
  }
  return range;
}

// The format that is served for the range, if there is one.
std::optional<TextFormat> FormatOf(const MediaRange& range) {
  const bool is_any_version = range.version.empty();
  if (absl::EqualsIgnoreCase(range.type, "application/openmetrics-text") &&
      (is_any_version || range.version == "1.0.0")) {
    return TextFormat::kOpenMetrics;
  }
  if (absl::EqualsIgnoreCase(range.type, "text/plain") &&
      (is_any_version || range.version == "0.0.4")) {
    return TextFormat::kPrometheus;
  }
  if (range.type == "*/*" || absl::EqualsIgnoreCase(range.type, "text/*")) {
    return TextFormat::kPrometheus;
  }
  return std::nullopt;
}

}  // namespace

TextFormat FormatFor(absl::string_view accept) {
  TextFormat best = TextFormat::kPrometheus;
  double best_weight = 0;
  for (const absl::string_view item : absl::StrSplit(accept, ',')) {
    const MediaRange range = Parse(item);
    const std::optional<TextFormat> format = FormatOf(range);
    if (!format || !(range.weight > best_weight)) continue;
    best = *format;
    best_weight = range.weight;
  }
  return best;
}

}  // namespace reeve
