#include "collectors/procfs/net_dev.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/kernel_number.h"

namespace reeve {
namespace {

constexpr int kHeadings = 2;
constexpr size_t kNumbers = 16;
// Where among the numbers what was sent begins.
constexpr size_t kSent = 8;

// Bytes, packets, errors, drops.
TrafficCounts CountsFrom(const std::array<uint64_t, kNumbers>& numbers,
                         size_t first) {
  return {numbers[first], numbers[first + 1], numbers[first + 2],
          numbers[first + 3]};
}

std::optional<InterfaceTraffic> ParseLine(absl::string_view line) {
  // A name may hold a colon, as that of an alias did; the numbers do not.
  const size_t colon = line.rfind(':');
  if (colon == absl::string_view::npos) return std::nullopt;
  InterfaceTraffic interface;
  interface.device =
      std::string(absl::StripAsciiWhitespace(line.substr(0, colon)));
  std::array<uint64_t, kNumbers> numbers = {};
  size_t seen = 0;
  for (const absl::string_view word :
       absl::StrSplit(line.substr(colon + 1), ' ', absl::SkipEmpty())) {
    const std::optional<uint64_t> number = DecimalFrom(word);
    if (!number.has_value()) return std::nullopt;
    if (seen < kNumbers) numbers[seen] = *number;
    ++seen;
  }
  if (interface.device.empty() || seen < kNumbers) return std::nullopt;
  interface.received = CountsFrom(numbers, 0);
  interface.sent = CountsFrom(numbers, kSent);
  return interface;
}

}  // namespace

absl::StatusOr<std::vector<InterfaceTraffic>> ParseNetDev(
    absl::string_view contents) {
  std::vector<InterfaceTraffic> interfaces;
  int headings = 0;
  for (const absl::string_view line :
       absl::StrSplit(contents, '\n', absl::SkipEmpty())) {
    if (headings < kHeadings) {
      ++headings;
      continue;
    }
    std::optional<InterfaceTraffic> interface = ParseLine(line);
    if (!interface.has_value()) {
      return absl::DataLossError(absl::StrCat(
          "not of an interface: \"", absl::CEscape(line.substr(0, 60)), "\""));
    }
    interfaces.push_back(*std::move(interface));
  }
  return interfaces;
}

}  // namespace reeve
