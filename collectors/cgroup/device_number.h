#ifndef REEVE_COLLECTORS_CGROUP_DEVICE_NUMBER_H_
#define REEVE_COLLECTORS_CGROUP_DEVICE_NUMBER_H_

#include <cstddef>

#include "absl/strings/string_view.h"
#include "base/kernel_number.h"

namespace reeve {

// Whether it is a device as cgroup files name it: "8:0".
inline bool IsDeviceNumber(absl::string_view word) {
  const size_t colon = word.find(':');
  return colon != absl::string_view::npos &&
         DecimalFrom(word.substr(0, colon)).has_value() &&
         DecimalFrom(word.substr(colon + 1)).has_value();
}

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_DEVICE_NUMBER_H_
