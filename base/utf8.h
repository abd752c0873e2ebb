#ifndef REEVE_BASE_UTF8_H_
#define REEVE_BASE_UTF8_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace reeve {

// Length of the UTF-8 sequence that `text` begins with; 0 if it is not one.
// Overlong forms, surrogates and what is past U+10FFFF are not.
size_t Utf8Length(absl::string_view text);

bool IsUtf8(absl::string_view text);

// `text`, such as the name of a file, as one line that is UTF-8: control
// characters and bytes that are none become "\xNN".
std::string OneLine(absl::string_view text);

}  // namespace reeve

#endif  // REEVE_BASE_UTF8_H_
