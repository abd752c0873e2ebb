#include "enforcement/cgroup/memory_usage.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace reeve {

absl::StatusOr<uint64_t> ReadMemoryUsage(const LimitFiles& files,
                                         const char* file) {
  const absl::StatusOr<std::string> text = files.Read("memory", file);
  if (!text.ok()) return text.status();
  uint64_t bytes = 0;
  if (absl::SimpleAtoi(absl::StripAsciiWhitespace(*text), &bytes)) return bytes;
  return absl::DataLossError(
      absl::StrCat(file, ": not a number of bytes: ", *text));
}

}  // namespace reeve
