#include "base/kernel_version.h"

#include <sys/utsname.h>

#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"

namespace reeve {
namespace {

// More digits than any part has, and less than overflow.
constexpr size_t kMostDigits = 6;

// Takes a number off the front of `text`.
std::optional<int> TakeNumber(absl::string_view* text) {
  size_t digits = 0;
  while (digits < text->size() && absl::ascii_isdigit((*text)[digits])) {
    ++digits;
  }
  int number = 0;
  if (digits > kMostDigits ||
      !absl::SimpleAtoi(text->substr(0, digits), &number)) {
    return std::nullopt;
  }
  text->remove_prefix(digits);
  return number;
}

}  // namespace

std::optional<KernelVersion> ParseKernelVersion(absl::string_view release) {
  const std::optional<int> first = TakeNumber(&release);
  if (!first.has_value() || release.empty() || release.front() != '.') {
    return std::nullopt;
  }
  release.remove_prefix(1);
  const std::optional<int> second = TakeNumber(&release);
  if (!second.has_value()) return std::nullopt;
  return KernelVersion(*first, *second);
}

KernelVersion RunningKernelVersion() {
  utsname names;
  if (uname(&names) != 0) return {0, 0};
  return ParseKernelVersion(names.release).value_or(KernelVersion(0, 0));
}

}  // namespace reeve
