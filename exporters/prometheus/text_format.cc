#include "exporters/prometheus/text_format.h"

#include <charconv>
#include <cmath>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/utf8.h"

namespace reeve {
namespace {

constexpr absl::string_view kReplacement = "\xEF\xBF\xBD";

void AppendEscaped(absl::string_view text, bool escape_quotes,
                   std::string* out) {
  while (!text.empty()) {
    const size_t length = Utf8Length(text);
    const char first = text.front();
    if (length == 0) {
      out->append(kReplacement.data(), kReplacement.size());
    } else if (first == '\\') {
      out->append("\\\\");
    } else if (first == '\n') {
      out->append("\\n");
    } else if (first == '"' && escape_quotes) {
      out->append("\\\"");
    } else {
      out->append(text.data(), length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
}

}  // namespace

void AppendFamilyHeader(const FamilyHeader& header, TextFormat format,
                        std::string* out) {
  const bool is_open = format == TextFormat::kOpenMetrics;
  absl::string_view name = header.name;
  absl::string_view type = header.type;
  if (is_open && type == "counter") absl::ConsumeSuffix(&name, "_total");
  if (is_open && type == "gauge" && absl::ConsumeSuffix(&name, "_info")) {
    type = "info";
  }
  absl::StrAppend(out, "# HELP ", name, " ");
  AppendEscaped(header.help, /*escape_quotes=*/is_open, out);
  absl::StrAppend(out, "\n# TYPE ", name, " ", type, "\n");
  if (is_open && !header.unit.empty() &&
      absl::EndsWith(name, absl::StrCat("_", header.unit))) {
    absl::StrAppend(out, "# UNIT ", name, " ", header.unit, "\n");
  }
}

void AppendLabel(absl::string_view name, absl::string_view value,
                 std::string* out) {
  if (name.empty() || absl::ascii_isdigit(static_cast<unsigned char>(name[0])))
    out->push_back('_');
  for (const char c : name) {
    out->push_back(absl::ascii_isalnum(static_cast<unsigned char>(c)) ? c
                                                                      : '_');
  }
  out->append("=\"");
  AppendEscaped(value, /*escape_quotes=*/true, out);
  out->push_back('"');
}

void AppendNumber(uint64_t value, std::string* out) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
  out->append(digits, static_cast<size_t>(end - digits));
}

void AppendNumber(double value, std::string* out) {
  if (std::isnan(value)) {
    out->append("NaN");
  } else if (std::isinf(value)) {
    out->append(value > 0 ? "+Inf" : "-Inf");
  } else {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
    out->append(digits, static_cast<size_t>(end - digits));
  }
}

void AppendSeconds(uint64_t nanoseconds, std::string* out) {
  constexpr uint64_t kSecond = 1'000'000'000;
  AppendNumber(nanoseconds / kSecond, out);
  uint64_t rest = nanoseconds % kSecond;
  if (rest == 0) return;

  constexpr size_t kDigits = 9;
  char fraction[kDigits + 1] = {'.'};
  size_t size = 0;
  for (size_t i = kDigits; i >= 1; --i) {
    fraction[i] = static_cast<char>('0' + rest % 10);
    if (size == 0 && fraction[i] != '0') size = i + 1;
    rest /= 10;
  }
  out->append(fraction, size);
}

}  // namespace reeve
