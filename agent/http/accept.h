#ifndef REEVE_AGENT_HTTP_ACCEPT_H_
#define REEVE_AGENT_HTTP_ACCEPT_H_

#include "absl/strings/string_view.h"
#include "exporters/prometheus/text_format.h"

namespace reeve {

// The format of metrics that the value of an Accept header (RFC 9110 12.5.1)
// asks for: the one of the highest weight, and of two with the same the one
// that comes first. Prometheus' own text where it asks for neither.
TextFormat FormatFor(absl::string_view accept);

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_ACCEPT_H_
