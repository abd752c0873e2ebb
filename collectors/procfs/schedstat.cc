#include "collectors/procfs/schedstat.h"

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

// 1195201366 3401225 97: run, waited, and how often it ran.
absl::StatusOr<Schedstat> ParseSchedstat(absl::string_view contents) {
  std::array<absl::string_view, 2> words;
  const size_t count =
      SplitWords(absl::StripSuffix(contents, "\n"), absl::MakeSpan(words));
  const std::optional<uint64_t> run = DecimalFrom(words[0]);
  const std::optional<uint64_t> wait = DecimalFrom(words[1]);
  if (count != words.size() || !run || !wait) {
    return absl::DataLossError(absl::StrCat(
        "no two numbers: \"", absl::CEscape(contents.substr(0, 60)), "\""));
  }
  return Schedstat{*run, *wait};
}

}  // namespace reeve
