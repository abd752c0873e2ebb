#ifndef REEVE_AGENT_HTTP_PERCENT_ENCODING_H_
#define REEVE_AGENT_HTTP_PERCENT_ENCODING_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// "%5B" is "[". kInvalidArgument if a "%" is followed by anything but two
// hexadecimal digits.
absl::StatusOr<std::string> DecodePercent(absl::string_view text);

// The same for a part of a query, in which "+" is a space.
absl::StatusOr<std::string> DecodeQuery(absl::string_view text);

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_PERCENT_ENCODING_H_
