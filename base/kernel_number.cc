#include "base/kernel_number.h"

#include <charconv>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace reeve {

std::optional<uint64_t> DecimalFrom(absl::string_view digits) {
  uint64_t value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped_at, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc() || stopped_at != end) return std::nullopt;
  return value;
}

absl::StatusOr<uint64_t> ParseKernelNumber(absl::string_view contents) {
  const std::optional<uint64_t> value =
      DecimalFrom(absl::StripSuffix(contents, "\n"));
  if (value.has_value()) return *value;
  return absl::DataLossError(absl::StrCat(
      "not a number: \"", absl::CEscape(contents.substr(0, 40)), "\""));
}

absl::StatusOr<std::optional<uint64_t>> ParseKernelLimit(
    absl::string_view contents) {
  if (contents == "max\n" || contents == "max") return std::nullopt;
  const absl::StatusOr<uint64_t> value = ParseKernelNumber(contents);
  if (!value.ok()) return value.status();
  return *value;
}

}  // namespace reeve
