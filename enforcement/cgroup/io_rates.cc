#include "enforcement/cgroup/io_rates.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/kernel_number.h"

namespace reeve {
namespace {

std::string Text(const Bound& rate) {
  return rate.value.has_value() ? absl::StrCat(*rate.value) : "max";
}

}  // namespace

IoRates ParseIoRates(absl::string_view text) {
  IoRates rates;
  const std::pair<absl::string_view, Bound*> keys[] = {
      {"rbps", &rates.read_bps},
      {"wbps", &rates.write_bps},
      {"riops", &rates.read_iops},
      {"wiops", &rates.write_iops}};
  for (absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(word, absl::MaxSplits('=', 1));
    for (const auto& [key, rate] : keys) {
      if (parts.first == key) rate->value = DecimalFrom(parts.second);
    }
  }
  return rates;
}

std::string FormatIoRates(const IoRates& rates) {
  return absl::StrCat(
      "rbps=", Text(rates.read_bps), " wbps=", Text(rates.write_bps),
      " riops=", Text(rates.read_iops), " wiops=", Text(rates.write_iops));
}

}  // namespace reeve
