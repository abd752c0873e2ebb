#include "exporters/prometheus/host_family_writer.h"

namespace reeve {

void HostFamilyWriter::Add(std::initializer_list<Label> labels,
                           const MetricValue& value) {
  if (IsAbsent(value)) return;
  if (!has_header_) {
    AppendFamilyHeader({family_.name, family_.help, family_.type, family_.unit},
                       format_, page_);
    has_header_ = true;
  }
  page_->append(family_.name.data(), family_.name.size());
  char separator = '{';
  for (const Label& label : labels) {
    page_->push_back(separator);
    AppendLabel(label.name, label.value, page_);
    separator = ',';
  }
  if (separator == ',') page_->push_back('}');
  page_->push_back(' ');
  AppendValue(value, page_);
  page_->push_back('\n');
}

}  // namespace reeve
