#include "base/cpu_list.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/kernel_number.h"

namespace reeve {
namespace {

// CONFIG_NR_CPUS of the largest kernels; there are fewer memory nodes.
constexpr uint64_t kMaxNumber = 8191;

absl::Status Refuse(absl::string_view text) {
  return absl::InvalidArgumentError(
      absl::StrCat(text.empty() ? "\"\"" : text,
                   ": not a list: use numbers and ranges such as 0-2,7"));
}

// "7" or "0-2".
std::optional<std::pair<uint64_t, uint64_t>> ParseRange(
    absl::string_view text) {
  const size_t dash = text.find('-');
  const std::optional<uint64_t> first = DecimalFrom(text.substr(0, dash));
  const std::optional<uint64_t> last = dash == absl::string_view::npos
                                           ? first
                                           : DecimalFrom(text.substr(dash + 1));
  if (!first.has_value() || !last.has_value()) return std::nullopt;
  if (*first > *last || *last > kMaxNumber) return std::nullopt;
  return std::pair(*first, *last);
}

}  // namespace

absl::StatusOr<CpuList> ParseCpuList(absl::string_view text) {
  CpuList cpus;
  if (text.empty()) return cpus;
  for (absl::string_view part : absl::StrSplit(text, ',')) {
    const auto range = ParseRange(part);
    if (!range.has_value()) return Refuse(text);
    for (uint64_t cpu = range->first; cpu <= range->second; ++cpu) {
      cpus.push_back(static_cast<uint32_t>(cpu));
    }
  }
  std::sort(cpus.begin(), cpus.end());
  cpus.erase(std::unique(cpus.begin(), cpus.end()), cpus.end());
  return cpus;
}

std::string FormatCpuList(const CpuList& cpus) {
  std::string text;
  for (size_t first = 0; first < cpus.size();) {
    size_t last = first;
    while (last + 1 < cpus.size() && cpus[last + 1] == cpus[last] + 1) ++last;
    absl::StrAppend(&text, text.empty() ? "" : ",", cpus[first]);
    if (last > first) absl::StrAppend(&text, "-", cpus[last]);
    first = last + 1;
  }
  return text;
}

CpuList CpusWithout(const CpuList& cpus, const CpuList& others) {
  CpuList rest;
  std::set_difference(cpus.begin(), cpus.end(), others.begin(), others.end(),
                      std::back_inserter(rest));
  return rest;
}

CpuList CpusInBoth(const CpuList& cpus, const CpuList& others) {
  CpuList both;
  std::set_intersection(cpus.begin(), cpus.end(), others.begin(), others.end(),
                        std::back_inserter(both));
  return both;
}

CpuList CpusInEither(const CpuList& cpus, const CpuList& others) {
  CpuList either;
  std::set_union(cpus.begin(), cpus.end(), others.begin(), others.end(),
                 std::back_inserter(either));
  return either;
}

}  // namespace reeve
