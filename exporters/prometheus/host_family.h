#ifndef REEVE_EXPORTERS_PROMETHEUS_HOST_FAMILY_H_
#define REEVE_EXPORTERS_PROMETHEUS_HOST_FAMILY_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace reeve {

// What is told of a family of a collector of the host, on the page and in the
// documentation.
struct HostFamily {
  absl::string_view name;
  absl::string_view help;
  // counter or gauge.
  absl::string_view type;
  // "seconds", "bytes" …; empty for plain counts.
  absl::string_view unit;
  // Each with its values where they are known beforehand: "device" or
  // "mode=user,system".
  std::vector<std::string> labels;
  // The kernel's file, and what of it: "/proc/stat ctxt".
  absl::string_view source;
  // The flag that it needs beside that of its collector; empty if none.
  absl::string_view flag = {};
};

// A chapter of the documentation: what one collector exports.
struct HostFamilies {
  std::string title;
  // Markdown, without an empty line at either end.
  std::string introduction;
  std::vector<HostFamily> families;
};

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_HOST_FAMILY_H_
