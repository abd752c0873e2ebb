#include "exporters/prometheus/metric_value.h"

#include "exporters/prometheus/text_format.h"

namespace reeve {
namespace {

struct ValueWriter {
  std::string* out;

  void operator()(absl::monostate) const {}
  void operator()(uint64_t value) const { AppendNumber(value, out); }
  void operator()(double value) const { AppendNumber(value, out); }
  void operator()(Nanoseconds value) const { AppendSeconds(value.count, out); }
};

}  // namespace

void AppendValue(const MetricValue& value, std::string* out) {
  absl::visit(ValueWriter{out}, value);
}

}  // namespace reeve
