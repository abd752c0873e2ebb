#include "enforcement/launch/shim_log.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"

namespace reeve {
namespace {

constexpr absl::string_view kLevel = "{\"level\":\"error\"";
constexpr absl::string_view kMessage = "\"message\":\"";
constexpr absl::string_view kErrno = "\"errno\":";

// What stands between the first `start` and the next `end`; "" if it does not.
absl::string_view Between(absl::string_view line, absl::string_view start,
                          char end) {
  const size_t at = line.find(start);
  if (at == absl::string_view::npos) return "";
  line.remove_prefix(at + start.size());
  const size_t size = line.find(end);
  return size == absl::string_view::npos ? "" : line.substr(0, size);
}

}  // namespace

std::string FirstShimError(absl::string_view log) {
  for (const absl::string_view line : absl::StrSplit(log, '\n')) {
    if (!absl::StartsWith(line, kLevel)) continue;
    const absl::string_view message = Between(line, kMessage, '"');
    int error_number = 0;
    if (message.empty() ||
        !absl::SimpleAtoi(Between(line, kErrno, '}'), &error_number)) {
      continue;
    }
    return std::string(ErrnoStatus(error_number, message).message());
  }
  return "";
}

}  // namespace reeve
