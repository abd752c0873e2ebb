#include "agent/policy/policy_values.h"

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/quantity.h"

namespace reeve {
namespace {

constexpr double kSmallestFactor = 1.01;
constexpr double kLargestFactor = 10;
constexpr size_t kLongestName = 64;

absl::Status Refuse(absl::string_view text, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("\"", text, "\": ", what));
}

// Digits and one point alone: neither signs nor exponents nor "nan".
std::optional<double> ParseDecimal(absl::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c)) && c != '.') {
      return std::nullopt;
    }
  }
  double value = 0;
  if (!absl::SimpleAtod(text, &value)) return std::nullopt;
  return value;
}

std::optional<PolicyStep> ParseFactor(absl::string_view text) {
  if (!absl::ConsumeSuffix(&text, "x")) return std::nullopt;
  const std::optional<double> factor = ParseDecimal(text);
  if (!factor.has_value() || *factor < kSmallestFactor ||
      *factor > kLargestFactor) {
    return std::nullopt;
  }
  PolicyStep step;
  step.factor = factor;
  return step;
}

std::string FactorRule() {
  return absl::StrCat("a factor from ", kSmallestFactor, " to ", kLargestFactor,
                      " such as 1.5x");
}

bool IsNameCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' ||
         c == '.' || c == '-';
}

}  // namespace

absl::StatusOr<double> ParseRatio(absl::string_view text) {
  absl::string_view number = text;
  const bool is_percent = absl::ConsumeSuffix(&number, "%");
  std::optional<double> value = ParseDecimal(number);
  if (value.has_value() && is_percent) *value /= 100;
  if (!value.has_value() || *value <= 0 || *value > 1) {
    return Refuse(text, "use more than 0 and up to 100%, such as 25%");
  }
  return *value;
}

absl::StatusOr<bool> ParseBool(absl::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return Refuse(text, "use true or false");
}

absl::StatusOr<PolicyStep> ParseCpuStep(absl::string_view text) {
  const std::optional<PolicyStep> by_factor = ParseFactor(text);
  if (by_factor.has_value()) return *by_factor;
  const absl::StatusOr<std::optional<double>> cores = ParseCpusLimit(text);
  if (!cores.ok() || !cores->has_value()) {
    return Refuse(text, absl::StrCat("use ", FactorRule(),
                                     ", or a number of cores such as 0.25"));
  }
  PolicyStep step;
  step.amount = **cores;
  return step;
}

absl::StatusOr<PolicyStep> ParseMemoryStep(absl::string_view text) {
  const std::optional<PolicyStep> by_factor = ParseFactor(text);
  if (by_factor.has_value()) return *by_factor;
  const absl::StatusOr<uint64_t> bytes = ParseSize(text);
  if (!bytes.ok() || *bytes == 0) {
    return Refuse(
        text, absl::StrCat("use ", FactorRule(), ", or a size such as 64M"));
  }
  PolicyStep step;
  step.amount = static_cast<double>(*bytes);
  return step;
}

absl::StatusOr<std::string> ParseRuleName(absl::string_view text) {
  bool is_name = !text.empty() && text.size() <= kLongestName &&
                 absl::ascii_isalnum(static_cast<unsigned char>(text[0]));
  for (const char c : text) is_name = is_name && IsNameCharacter(c);
  if (is_name) return std::string(text);
  return Refuse(text,
                absl::StrCat("use up to ", kLongestName,
                             " letters, digits, \"_\", \".\" and \"-\", the "
                             "first a letter or digit"));
}

}  // namespace reeve
