#ifndef REEVE_EXPORTERS_PROMETHEUS_TEXT_FORMAT_H_
#define REEVE_EXPORTERS_PROMETHEUS_TEXT_FORMAT_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace reeve {

// Prometheus' text format 0.0.4, and OpenMetrics 1.0.
enum class TextFormat { kPrometheus, kOpenMetrics };

// Pieces of either. They add to `out` and allocate only when it is full.

// What comments tell of a family.
struct FamilyHeader {
  // As in 0.0.4: that of its samples, "reeve_task_restarts_total".
  absl::string_view name;
  absl::string_view help;
  // counter, gauge or histogram.
  absl::string_view type;
  // Told in OpenMetrics alone, and if the name ends with it.
  absl::string_view unit;
};

// The comment lines of a family. In OpenMetrics its name is without "_total",
// and a gauge "..._info" is an info.
void AppendFamilyHeader(const FamilyHeader& header, TextFormat format,
                        std::string* out);

// `name="value"` with the value escaped. Bytes that are not UTF-8, which would
// make the whole page unreadable, become U+FFFD. Characters of the name that a
// label name may not have become "_".
void AppendLabel(absl::string_view name, absl::string_view value,
                 std::string* out);

// A sample value: exact for integers, the shortest text that reads back as the
// same number for doubles; "NaN", "+Inf" and "-Inf" as Prometheus has them.
void AppendNumber(uint64_t value, std::string* out);
void AppendNumber(double value, std::string* out);

// Nanoseconds as seconds, exactly: 1500000000 is "1.5".
void AppendSeconds(uint64_t nanoseconds, std::string* out);

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_TEXT_FORMAT_H_
