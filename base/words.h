#ifndef REEVE_BASE_WORDS_H_
#define REEVE_BASE_WORDS_H_

#include <cstddef>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace reeve {

// The words of a line, which spaces or tabs part, as many as there is room for;
// returns how many that are. Never allocates.
size_t SplitWords(absl::string_view line, absl::Span<absl::string_view> words);

// Takes the next line, without its end, from the front of `*text`, which is not
// to be empty.
absl::string_view TakeLine(absl::string_view* text);

}  // namespace reeve

#endif  // REEVE_BASE_WORDS_H_
