#ifndef REEVE_EXPORTERS_PROMETHEUS_PAGE_SOURCE_H_
#define REEVE_EXPORTERS_PROMETHEUS_PAGE_SOURCE_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "exporters/prometheus/text_format.h"

namespace reeve {

// A part of the page beside the tasks, written from what its collector found
// last. Thread-safe.
class PageSource {
 public:
  virtual ~PageSource() = default;

  // The name that the part is asked for by in collect[].
  virtual absl::string_view collector() const = 0;

  // Grows when what Append() writes may have changed, so that who has called it
  // may keep that until then. 0 if it changes all the time.
  virtual uint64_t version() const { return 0; }

  // Adds the families that have a series to `page`. Never waits for a reading.
  virtual void Append(TextFormat format, std::string* page) const = 0;
};

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_PAGE_SOURCE_H_
