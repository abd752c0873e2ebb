#include "base/flat_keyed.h"

#include <cstddef>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/kernel_number.h"

namespace reeve {
namespace {

// Index in `wanted` of the key that `line` begins with, looking from `first`
// on and round; wanted.size() if it is none of them.
size_t FindKey(absl::string_view line, absl::Span<const FlatKey> wanted,
               size_t first) {
  for (size_t i = 0; i < wanted.size(); ++i) {
    const size_t index =
        first + i < wanted.size() ? first + i : first + i - wanted.size();
    const absl::string_view name = wanted[index].name;
    if (line.size() > name.size() && line[name.size()] == ' ' &&
        line.substr(0, name.size()) == name) {
      return index;
    }
  }
  return wanted.size();
}

}  // namespace

absl::Status ScanFlatKeyed(absl::string_view contents,
                           absl::Span<const FlatKey> wanted) {
  size_t expected = 0;
  while (!contents.empty()) {
    const size_t end = contents.find('\n');
    const absl::string_view line = contents.substr(0, end);
    contents.remove_prefix(end == absl::string_view::npos ? contents.size()
                                                          : end + 1);
    const size_t index = FindKey(line, wanted, expected);
    if (index == wanted.size()) continue;
    const absl::string_view name = wanted[index].name;
    const std::optional<uint64_t> number =
        DecimalFrom(line.substr(name.size() + 1));
    if (!number.has_value()) {
      return absl::DataLossError(absl::StrCat(name, " is not a number: \"",
                                              absl::CEscape(line.substr(0, 60)),
                                              "\""));
    }
    *wanted[index].value = number;
    expected = index + 1 < wanted.size() ? index + 1 : 0;
  }
  return absl::OkStatus();
}

}  // namespace reeve
