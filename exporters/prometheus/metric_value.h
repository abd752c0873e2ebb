#ifndef REEVE_EXPORTERS_PROMETHEUS_METRIC_VALUE_H_
#define REEVE_EXPORTERS_PROMETHEUS_METRIC_VALUE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/types/variant.h"

namespace reeve {

// A sample value, in the form that is exact and quick to write. Absent: the
// first of the alternatives.
struct Nanoseconds {
  uint64_t count;
};
using MetricValue =
    absl::variant<absl::monostate, uint64_t, double, Nanoseconds>;

inline bool IsAbsent(const MetricValue& value) {
  return absl::holds_alternative<absl::monostate>(value);
}

inline MetricValue ValueOf(const std::optional<uint64_t>& value) {
  return value ? MetricValue(*value) : MetricValue();
}

// Of nanoseconds.
inline MetricValue SecondsOf(const std::optional<uint64_t>& value) {
  return value ? MetricValue(Nanoseconds{*value}) : MetricValue();
}

// Adds nothing for an absent one.
void AppendValue(const MetricValue& value, std::string* out);

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_METRIC_VALUE_H_
