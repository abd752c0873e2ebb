#include "collectors/procfs/file_nr.h"

#include <array>
#include <cstddef>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/kernel_number.h"
#include "base/words.h"

namespace reeve {

// 725	0	2466183: allocated, of those unused, and the limit. The kernel
// has kept no unused ones since Linux 2.6.
absl::StatusOr<FileNr> ParseFileNr(absl::string_view contents) {
  std::array<absl::string_view, 3> words;
  const size_t count =
      SplitWords(absl::StripSuffix(contents, "\n"), absl::MakeSpan(words));
  const std::optional<uint64_t> allocated = DecimalFrom(words[0]);
  const std::optional<uint64_t> unused = DecimalFrom(words[1]);
  const std::optional<uint64_t> max = DecimalFrom(words[2]);
  if (count != words.size() || !allocated || !unused || !max ||
      *unused > *allocated) {
    return absl::DataLossError(absl::StrCat(
        "no three numbers: \"", absl::CEscape(contents.substr(0, 60)), "\""));
  }
  return FileNr{*allocated - *unused, *max};
}

}  // namespace reeve
