#include "base/quantity.h"

#include <cmath>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"

namespace reeve {
namespace {

constexpr absl::string_view kSizeUnits = "KMGTPE";

constexpr absl::string_view kSizeForm =
    "not a size: use bytes such as 1048576, or 512K, 64M, 1.5G";
constexpr absl::string_view kDurationForm =
    "not a duration: use a number with a unit such as 100ms, 10s, 1m30s";
constexpr absl::string_view kCpusForm =
    "not a number of CPUs: use a number above 0 such as 0.5 or 2";
constexpr absl::string_view kCountForm =
    "not a count: use a whole number such as 64";

absl::Status Refuse(absl::string_view text, absl::string_view form,
                    absl::string_view alternative = "") {
  return absl::InvalidArgumentError(
      absl::StrCat(text.empty() ? "\"\"" : text, ": ", form, alternative));
}

bool IsUnlimited(absl::string_view text) {
  return text == "max" || text == "unlimited";
}

// Only digits and at most one point between digits: what absl::SimpleAtod takes
// beyond that (signs, blanks, exponents, hexadecimal, nan, inf) is no amount.
bool IsPlainDecimal(absl::string_view text) {
  int points = 0;
  for (const char c : text) {
    if (c == '.') {
      ++points;
    } else if (!absl::ascii_isdigit(c)) {
      return false;
    }
  }
  return !text.empty() && points <= 1 && text.front() != '.' &&
         text.back() != '.';
}

bool IsDigits(absl::string_view text) {
  return IsPlainDecimal(text) && !absl::StrContains(text, '.');
}

// Takes "K", "KB", "KiB" and the like off the end; 1 without a unit.
uint64_t ConsumeSizeUnit(absl::string_view* text) {
  absl::string_view rest = *text;
  if (!rest.empty() && absl::ascii_toupper(rest.back()) == 'B') {
    rest.remove_suffix(1);
    if (!rest.empty() && rest.back() == 'i') rest.remove_suffix(1);
  }
  if (rest.empty()) return 1;

  const size_t unit = kSizeUnits.find(
      absl::ascii_toupper(static_cast<unsigned char>(rest.back())));
  if (unit == absl::string_view::npos) return 1;
  rest.remove_suffix(1);
  *text = rest;
  return uint64_t{1} << (10 * (unit + 1));
}

}  // namespace

absl::StatusOr<uint64_t> ParseSize(absl::string_view text) {
  absl::string_view number = text;
  const uint64_t unit = ConsumeSizeUnit(&number);
  if (!IsPlainDecimal(number)) return Refuse(text, kSizeForm);

  const size_t point = number.find('.');
  const absl::string_view whole_digits = number.substr(0, point);
  uint64_t whole;
  uint64_t bytes;
  if (!absl::SimpleAtoi(whole_digits, &whole) ||
      __builtin_mul_overflow(whole, unit, &bytes)) {
    return Refuse(text, "too large a size: 16E is more than can be counted");
  }
  if (point == absl::string_view::npos) return bytes;
  if (unit == 1) return Refuse(text, kSizeForm);

  double fraction;
  if (!absl::SimpleAtod(absl::StrCat("0", number.substr(point)), &fraction)) {
    return Refuse(text, kSizeForm);
  }
  // Less than one unit, so the sum stays in range.
  return bytes + static_cast<uint64_t>(fraction * static_cast<double>(unit));
}

absl::StatusOr<std::optional<uint64_t>> ParseSizeLimit(absl::string_view text) {
  if (IsUnlimited(text)) return std::nullopt;
  const absl::StatusOr<uint64_t> size = ParseSize(text);
  if (!size.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(size.status().message(), ", or max"));
  }
  return *size;
}

absl::StatusOr<absl::Duration> ParseDuration(absl::string_view text) {
  absl::Duration duration;
  if (!text.empty() && text != "0" && IsPlainDecimal(text)) {
    return Refuse(
        text, "a duration needs a unit: ",
        absl::StrCat(text, "s for seconds, ", text, "ms for milliseconds"));
  }
  if (text.empty() || !absl::ascii_isdigit(text.front()) ||
      !absl::ParseDuration(text, &duration)) {
    return Refuse(text, kDurationForm);
  }
  if (duration == absl::InfiniteDuration()) {
    return Refuse(text, "too long a duration");
  }
  return duration;
}

absl::StatusOr<std::optional<double>> ParseCpusLimit(absl::string_view text) {
  if (IsUnlimited(text)) return std::nullopt;
  double cpus;
  if (!IsPlainDecimal(text) || !absl::SimpleAtod(text, &cpus) ||
      !std::isfinite(cpus) || cpus <= 0) {
    return Refuse(text, kCpusForm, ", or max");
  }
  return cpus;
}

absl::StatusOr<uint64_t> ParseCount(absl::string_view text) {
  if (!IsDigits(text)) return Refuse(text, kCountForm);
  uint64_t count;
  if (!absl::SimpleAtoi(text, &count)) {
    return Refuse(text, "too large a number");
  }
  return count;
}

absl::StatusOr<int> ParseInteger(absl::string_view text) {
  absl::string_view digits = text;
  absl::ConsumePrefix(&digits, "-");
  int number;
  if (!IsDigits(digits) || !absl::SimpleAtoi(text, &number)) {
    return Refuse(text, "not a whole number: use one such as 5 or -5");
  }
  return number;
}

absl::StatusOr<std::optional<uint64_t>> ParseCountLimit(
    absl::string_view text) {
  if (IsUnlimited(text)) return std::nullopt;
  const absl::StatusOr<uint64_t> count = ParseCount(text);
  if (!count.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(count.status().message(), ", or max"));
  }
  return *count;
}

std::string ShortSize(uint64_t bytes) {
  if (bytes < 1024) return absl::StrCat(bytes);

  double value = static_cast<double>(bytes);
  size_t unit = 0;
  value /= 1024;
  // 1023.95 would be printed as 1024.0.
  while (value >= 1023.95 && unit + 1 < kSizeUnits.size()) {
    value /= 1024;
    ++unit;
  }
  std::string number = absl::StrFormat("%.1f", value);
  if (absl::EndsWith(number, ".0")) number.resize(number.size() - 2);
  return absl::StrCat(number, kSizeUnits.substr(unit, 1));
}

std::string ShortDuration(absl::Duration duration) {
  if (duration < absl::Milliseconds(1)) return "0";
  if (duration < absl::Seconds(1)) {
    return absl::StrCat(absl::ToInt64Milliseconds(duration), "ms");
  }
  const int64_t seconds = absl::ToInt64Seconds(duration);
  if (seconds < 10) {
    const int64_t tenths = absl::ToInt64Milliseconds(duration) / 100;
    return absl::StrFormat("%d.%ds", tenths / 10, tenths % 10);
  }
  const int64_t minutes = seconds / 60;
  const int64_t hours = minutes / 60;
  if (minutes == 0) return absl::StrCat(seconds, "s");
  if (hours == 0) return absl::StrFormat("%dm%02ds", minutes, seconds % 60);
  if (hours < 24) return absl::StrFormat("%dh%02dm", hours, minutes % 60);
  return absl::StrFormat("%dd%02dh", hours / 24, hours % 24);
}

}  // namespace reeve
