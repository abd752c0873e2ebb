#ifndef REEVE_AGENT_CLI_TOP_DISPLAY_WIDTH_H_
#define REEVE_AGENT_CLI_TOP_DISPLAY_WIDTH_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace reeve {

// Text in columns of a terminal: most characters take one, those of East Asia
// two, and accents none. What is no UTF-8 counts a column for each byte.
size_t DisplayWidth(absl::string_view text);

// `text` without what could move the cursor: control characters and what is no
// UTF-8 become "?".
std::string Printable(absl::string_view text);

// The first columns of `text`, with `ellipsis` for what does not fit. At most
// `width` wide.
std::string CutTo(absl::string_view text, size_t width,
                  absl::string_view ellipsis);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TOP_DISPLAY_WIDTH_H_
