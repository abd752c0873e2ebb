#include "collectors/cgroup/pressure.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/kernel_number.h"

namespace reeve {
namespace {

constexpr absl::string_view kTotal = " total=";

std::optional<uint64_t> TotalOf(absl::string_view line) {
  const size_t at = line.find(kTotal);
  if (at == absl::string_view::npos) return std::nullopt;
  line.remove_prefix(at + kTotal.size());
  return DecimalFrom(line.substr(0, line.find(' ')));
}

}  // namespace

absl::StatusOr<Pressure> ParsePressure(absl::string_view contents) {
  std::optional<uint64_t> some;
  std::optional<uint64_t> full;
  for (absl::string_view line : absl::StrSplit(contents, '\n')) {
    const absl::string_view whole = line;
    std::optional<uint64_t>* wanted = nullptr;
    if (absl::ConsumePrefix(&line, "some")) {
      wanted = &some;
    } else if (absl::ConsumePrefix(&line, "full")) {
      wanted = &full;
    } else {
      continue;
    }
    *wanted = TotalOf(line);
    if (!wanted->has_value()) {
      return absl::DataLossError(absl::StrCat(
          "no total: \"", absl::CEscape(whole.substr(0, 60)), "\""));
    }
  }
  if (!some.has_value()) return absl::DataLossError("some is missing");
  return Pressure{*some, full};
}

}  // namespace reeve
