#ifndef REEVE_EXPORTERS_PROMETHEUS_HOST_FAMILY_WRITER_H_
#define REEVE_EXPORTERS_PROMETHEUS_HOST_FAMILY_WRITER_H_

#include <initializer_list>
#include <string>

#include "absl/strings/string_view.h"
#include "exporters/prometheus/host_family.h"
#include "exporters/prometheus/metric_value.h"
#include "exporters/prometheus/text_format.h"

namespace reeve {

// Writes the series of one family, and its comments before the first of them.
// Thread-compatible.
class HostFamilyWriter {
 public:
  struct Label {
    absl::string_view name;
    absl::string_view value;
  };

  // `family` and `page` must outlive the writer.
  HostFamilyWriter(const HostFamily& family, TextFormat format,
                   std::string* page)
      : family_(family), format_(format), page_(page) {}

  // Adds nothing if the value is absent.
  void Add(const MetricValue& value) { Add({}, value); }
  void Add(std::initializer_list<Label> labels, const MetricValue& value);

 private:
  const HostFamily& family_;
  const TextFormat format_;
  std::string* const page_;
  bool has_header_ = false;
};

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_HOST_FAMILY_WRITER_H_
