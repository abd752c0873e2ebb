#include "base/words.h"

namespace reeve {

size_t SplitWords(absl::string_view line, absl::Span<absl::string_view> words) {
  constexpr absl::string_view kBlanks = " \t";
  size_t count = 0;
  while (count < words.size()) {
    const size_t begin = line.find_first_not_of(kBlanks);
    if (begin == absl::string_view::npos) break;
    line.remove_prefix(begin);
    words[count] = line.substr(0, line.find_first_of(kBlanks));
    line.remove_prefix(words[count].size());
    ++count;
  }
  return count;
}

absl::string_view TakeLine(absl::string_view* text) {
  const size_t end = text->find('\n');
  const absl::string_view line = text->substr(0, end);
  text->remove_prefix(end == absl::string_view::npos ? text->size() : end + 1);
  return line;
}

}  // namespace reeve
