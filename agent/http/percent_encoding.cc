#include "agent/http/percent_encoding.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_replace.h"

namespace reeve {
namespace {

bool HexByte(absl::string_view digits, char* byte) {
  if (digits.size() < 2 || !absl::ascii_isxdigit(digits[0]) ||
      !absl::ascii_isxdigit(digits[1])) {
    return false;
  }
  *byte = absl::HexStringToBytes(digits.substr(0, 2))[0];
  return true;
}

}  // namespace

absl::StatusOr<std::string> DecodePercent(absl::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (!HexByte(text.substr(i + 1), &c)) {
        return absl::InvalidArgumentError("percent encoding");
      }
      i += 2;
    }
    decoded.push_back(c);
  }
  return decoded;
}

absl::StatusOr<std::string> DecodeQuery(absl::string_view text) {
  return DecodePercent(absl::StrReplaceAll(text, {{"+", " "}}));
}

}  // namespace reeve
