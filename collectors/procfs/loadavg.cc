#include "collectors/procfs/loadavg.h"

#include <cmath>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/kernel_number.h"
#include "base/words.h"

namespace reeve {

// 0.20 0.18 0.12 1/80 11206
absl::StatusOr<Loadavg> ParseLoadavg(absl::string_view contents) {
  Loadavg loadavg;
  std::array<absl::string_view, 4> words;
  const size_t count =
      SplitWords(absl::StripSuffix(contents, "\n"), absl::MakeSpan(words));
  bool valid = count >= loadavg.load.size();
  for (size_t i = 0; valid && i < loadavg.load.size(); ++i) {
    valid = absl::SimpleAtod(words[i], &loadavg.load[i]) &&
            std::isfinite(loadavg.load[i]);
  }
  if (!valid) {
    return absl::DataLossError(absl::StrCat(
        "no three averages: \"", absl::CEscape(contents.substr(0, 60)), "\""));
  }
  const size_t slash = words[3].find('/');
  if (slash != absl::string_view::npos) {
    loadavg.threads = DecimalFrom(words[3].substr(slash + 1));
  }
  return loadavg;
}

}  // namespace reeve
