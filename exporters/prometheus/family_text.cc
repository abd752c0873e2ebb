#include "exporters/prometheus/family_text.h"

#include <cmath>
#include <cstdint>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"

namespace reeve {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

absl::string_view TypeName(MetricType type) {
  switch (type) {
    case MetricType::Counter:
      return "counter";
    case MetricType::Histogram:
      return "histogram";
    default:
      return "gauge";
  }
}

// By the names of our families.
absl::string_view UnitOf(absl::string_view name) {
  for (const absl::string_view unit : {"seconds", "bytes"}) {
    if (absl::EndsWith(name, absl::StrCat("_", unit)) ||
        absl::EndsWith(name, absl::StrCat("_", unit, "_total"))) {
      return unit;
    }
  }
  return "";
}

void AppendValue(double value, std::string* out) {
  // Whole numbers are easier to read without an exponent.
  constexpr double kExact = 9007199254740992;
  if (value >= 0 && value < kExact && std::floor(value) == value) {
    return AppendNumber(static_cast<uint64_t>(value), out);
  }
  AppendNumber(value, out);
}

// The bound of a bucket: a label, so that its text is never to change.
std::string BoundText(double bound) {
  return std::isinf(bound) ? "+Inf" : absl::StrFormat("%.16g", bound);
}

void AppendSample(absl::string_view name, const ClientMetric& metric,
                  absl::string_view bound, double value, std::string* out) {
  absl::StrAppend(out, name);
  bool is_first = true;
  const auto append_label = [&](absl::string_view label,
                                absl::string_view text) {
    out->push_back(is_first ? '{' : ',');
    is_first = false;
    AppendLabel(label, text, out);
  };
  for (const auto& label : metric.label) append_label(label.name, label.value);
  if (!bound.empty()) append_label("le", bound);
  if (!is_first) out->push_back('}');
  out->push_back(' ');
  AppendValue(value, out);
  out->push_back('\n');
}

void AppendHistogram(const std::string& name, const ClientMetric& metric,
                     std::string* out) {
  const ClientMetric::Histogram& histogram = metric.histogram;
  const std::string bucket_name = name + "_bucket";
  double last = 0;
  for (const auto& bucket : histogram.bucket) {
    last = bucket.upper_bound;
    AppendSample(bucket_name, metric, BoundText(last),
                 static_cast<double>(bucket.cumulative_count), out);
  }
  const auto count = static_cast<double>(histogram.sample_count);
  if (histogram.bucket.empty() || !std::isinf(last)) {
    AppendSample(bucket_name, metric, "+Inf", count, out);
  }
  AppendSample(name + "_count", metric, "", count, out);
  AppendSample(name + "_sum", metric, "", histogram.sample_sum, out);
}

}  // namespace

void AppendFamily(const MetricFamily& family, TextFormat format,
                  std::string* out) {
  AppendFamilyHeader(
      {family.name, family.help, TypeName(family.type), UnitOf(family.name)},
      format, out);
  for (const ClientMetric& metric : family.metric) {
    if (family.type == MetricType::Histogram) {
      AppendHistogram(family.name, metric, out);
    } else {
      const bool is_counter = family.type == MetricType::Counter;
      AppendSample(family.name, metric, "",
                   is_counter ? metric.counter.value : metric.gauge.value, out);
    }
  }
}

}  // namespace reeve
