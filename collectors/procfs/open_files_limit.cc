#include "collectors/procfs/open_files_limit.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "base/kernel_number.h"

namespace reeve {

// Limit                     Soft Limit           Hard Limit           Units
// …
// Max open files            1024                 524288               files
absl::StatusOr<std::optional<uint64_t>> ParseOpenFilesLimit(
    absl::string_view contents) {
  constexpr absl::string_view kName = "\nMax open files ";
  const size_t at = contents.find(kName);
  if (at == absl::string_view::npos) {
    return absl::DataLossError("Max open files is missing");
  }
  const absl::string_view rest =
      absl::StripLeadingAsciiWhitespace(contents.substr(at + kName.size()));
  const absl::string_view soft = rest.substr(0, rest.find(' '));
  if (soft == "unlimited") return std::nullopt;
  const std::optional<uint64_t> limit = DecimalFrom(soft);
  if (!limit.has_value()) {
    return absl::DataLossError("Max open files is not a number");
  }
  return limit;
}

}  // namespace reeve
