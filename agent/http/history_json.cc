#include "agent/http/history_json.h"

#include <cmath>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace reeve {
namespace {

// Years that absl::Time and the arithmetic on milliseconds are at ease with.
constexpr double kMaxUnixSeconds = 1e11;

void AppendTime(const HistoryPoint& point, std::string* json) {
  absl::StrAppendFormat(json, "%d.%03d", point.unix_ms / 1000,
                        point.unix_ms % 1000);
}

void AppendRatio(float value, std::string* json) {
  if (std::isnan(value)) {
    absl::StrAppend(json, "null");
  } else {
    absl::StrAppend(json, value);
  }
}

void AppendCount(uint32_t value, uint64_t unit, std::string* json) {
  if (value == HistoryPoint::kNoCount) {
    absl::StrAppend(json, "null");
  } else {
    absl::StrAppend(json, value * unit);
  }
}

// ,"NAME":[…] with what `append` makes of each point.
template <typename Append>
void AppendSeries(absl::string_view name,
                  const std::vector<HistoryPoint>& points, const Append& append,
                  std::string* json) {
  absl::StrAppend(json, ",\"", name, "\":[");
  const char* separator = "";
  for (const HistoryPoint& point : points) {
    absl::StrAppend(json, separator);
    append(point, json);
    separator = ",";
  }
  absl::StrAppend(json, "]");
}

void AppendRatios(absl::string_view name, float HistoryPoint::*field,
                  const std::vector<HistoryPoint>& points, std::string* json) {
  AppendSeries(
      name, points,
      [field](const HistoryPoint& point, std::string* to) {
        AppendRatio(point.*field, to);
      },
      json);
}

void AppendCounts(absl::string_view name, uint32_t HistoryPoint::*field,
                  uint64_t unit, const std::vector<HistoryPoint>& points,
                  std::string* json) {
  AppendSeries(
      name, points,
      [field, unit](const HistoryPoint& point, std::string* to) {
        AppendCount(point.*field, unit, to);
      },
      json);
}

}  // namespace

std::string HistoryJson(absl::string_view kind, absl::string_view name,
                        absl::Duration interval,
                        const std::vector<HistoryPoint>& points) {
  std::string json =
      absl::StrCat("{\"", kind, "\":\"", name,
                   "\",\"interval_seconds\":", absl::ToDoubleSeconds(interval));
  AppendSeries("time", points, AppendTime, &json);
  AppendRatios("cpu_cores", &HistoryPoint::cpu_cores, points, &json);
  AppendRatios("throttled_ratio", &HistoryPoint::throttled_ratio, points,
               &json);
  AppendRatios("throttled_seconds", &HistoryPoint::throttled_seconds, points,
               &json);
  constexpr uint64_t kKib = 1024;
  AppendCounts("memory_usage_bytes", &HistoryPoint::memory_usage_kib, kKib,
               points, &json);
  AppendCounts("memory_working_set_bytes",
               &HistoryPoint::memory_working_set_kib, kKib, points, &json);
  AppendCounts("threads", &HistoryPoint::threads, 1, points, &json);
  absl::StrAppend(&json, "}\n");
  return json;
}

absl::StatusOr<absl::Time> ParseSince(absl::string_view query) {
  for (absl::string_view parameter : absl::StrSplit(query, '&')) {
    if (!absl::ConsumePrefix(&parameter, "since=")) continue;
    double seconds;
    // Not a number fails the comparison.
    if (!absl::SimpleAtod(parameter, &seconds) ||
        !(std::abs(seconds) <= kMaxUnixSeconds)) {
      return absl::InvalidArgumentError(
          "since: not a time: use seconds since 1970 such as 1700000000");
    }
    return absl::FromUnixMillis(std::llround(seconds * 1000));
  }
  return absl::InfinitePast();
}

}  // namespace reeve
