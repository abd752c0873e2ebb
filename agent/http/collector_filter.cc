#include "agent/http/collector_filter.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "agent/http/percent_encoding.h"
#include "exporters/prometheus/collector_names.h"

namespace reeve {
namespace {

absl::Status CheckName(const std::string& name) {
  const std::vector<absl::string_view> known = CollectorNames();
  if (std::find(known.begin(), known.end(), name) != known.end()) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("There is no collector \"",
                                                 name, "\", but ",
                                                 absl::StrJoin(known, ", ")));
}

}  // namespace

absl::StatusOr<CollectorFilter> CollectorFilter::Parse(
    absl::string_view query) {
  std::set<std::string> collected;
  std::set<std::string> excluded;
  for (const absl::string_view parameter : absl::StrSplit(query, '&')) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(parameter, absl::MaxSplits('=', 1));
    const absl::StatusOr<std::string> key = DecodeQuery(parts.first);
    if (!key.ok()) return key.status();
    if (*key != "collect[]" && *key != "exclude[]") continue;
    absl::StatusOr<std::string> name = DecodeQuery(parts.second);
    if (!name.ok()) return name.status();
    absl::Status known = CheckName(*name);
    if (!known.ok()) return known;
    (*key == "collect[]" ? collected : excluded).insert(*std::move(name));
  }
  if (!collected.empty() && !excluded.empty()) {
    return absl::InvalidArgumentError(
        "Use either collect[] or exclude[], not both");
  }
  CollectorFilter filter;
  filter.is_collect_ = !collected.empty();
  filter.names_ = std::move(filter.is_collect_ ? collected : excluded);
  return filter;
}

}  // namespace reeve
