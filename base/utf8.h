#ifndef REEVE_BASE_UTF8_H_
#define REEVE_BASE_UTF8_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace reeve {

// Length in bytes of the UTF-8 character that `text` begins with; 0 if it does
// not begin with one. Overlong forms, surrogates and what is past U+10FFFF are
// none.
size_t Utf8Length(absl::string_view text);

bool IsUtf8(absl::string_view text);

// `text` with each byte that is not of UTF-8 as \xNN. The kernel knows of no
// encoding: arguments, file names and names of processes may be any bytes.
std::string Utf8Text(absl::string_view text);
// `text`, such as the name of a file, as one line that is UTF-8: control
// characters and bytes that are none become "\xNN".
std::string OneLine(absl::string_view text);

}  // namespace reeve

#endif  // REEVE_BASE_UTF8_H_
