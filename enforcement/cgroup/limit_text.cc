#include "enforcement/cgroup/limit_text.h"

#include <unistd.h>

#include <cstdint>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

bool IsInBytes(absl::string_view file) {
  return absl::StartsWith(file, "memory.") &&
         !absl::EndsWith(file, "swappiness") &&
         !absl::EndsWith(file, "oom.group");
}

}  // namespace

std::string CanonicalLimit(absl::string_view file, absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  if (text == "-1") return "max";
  uint64_t value = 0;
  if (!IsInBytes(file) || !absl::SimpleAtoi(text, &value)) {
    return std::string(text);
  }
  const auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  // v1 prints the largest number of pages that its counter holds.
  if (value > std::numeric_limits<int64_t>::max() - page) return "max";
  return absl::StrCat(value - value % page);
}

}  // namespace reeve
