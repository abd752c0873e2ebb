#include "base/mountinfo.h"

#include <array>
#include <cstddef>

#include "absl/strings/match.h"
#include "absl/types/span.h"

namespace reeve {
namespace {

constexpr absl::string_view kSeparator = " - ";

// Each space ends a field, which may be empty: a source can be.
bool TakeFields(absl::string_view text, absl::Span<absl::string_view> fields) {
  for (size_t i = 0; i < fields.size(); ++i) {
    if (text.data() == nullptr) return false;
    const size_t end = text.find(' ');
    fields[i] = text.substr(0, end);
    text = end == absl::string_view::npos ? absl::string_view()
                                          : text.substr(end + 1);
  }
  return true;
}

bool IsOctalDigit(char c) { return c >= '0' && c <= '7'; }

}  // namespace

// 36 35 98:0 /root /mount/point rw,noatime [optional fields] - type source opts
std::optional<MountinfoLine> ParseMountinfoLine(absl::string_view line) {
  const size_t separator = line.find(kSeparator);
  if (separator == absl::string_view::npos) return std::nullopt;
  std::array<absl::string_view, 6> before;
  std::array<absl::string_view, 3> after;
  if (!TakeFields(line.substr(0, separator), absl::MakeSpan(before)) ||
      !TakeFields(line.substr(separator + kSeparator.size()),
                  absl::MakeSpan(after)) ||
      !absl::StartsWith(before[4], "/")) {
    return std::nullopt;
  }
  return MountinfoLine{before[2], before[3], before[4], before[5],
                       after[0],  after[1],  after[2]};
}

std::string UnescapeMountPath(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size() && IsOctalDigit(text[i + 1]) &&
        IsOctalDigit(text[i + 2]) && IsOctalDigit(text[i + 3])) {
      out.push_back(static_cast<char>((text[i + 1] - '0') * 64 +
                                      (text[i + 2] - '0') * 8 +
                                      (text[i + 3] - '0')));
      i += 3;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

}  // namespace reeve
