#ifndef REEVE_BASE_NAME_PATTERN_H_
#define REEVE_BASE_NAME_PATTERN_H_

#include <regex.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// An extended regular expression of POSIX for whole names, such as
// "loop[0-9]+|sr.*": regex(7). Copies are cheap. Thread-safe.
class NamePattern {
 public:
  // Matches nothing.
  NamePattern() = default;

  // kInvalidArgument with what is wrong with it. An empty one matches nothing.
  static absl::StatusOr<NamePattern> Compile(absl::string_view expression);

  bool Matches(const std::string& name) const;

 private:
  std::shared_ptr<const regex_t> compiled_;
};

}  // namespace reeve

#endif  // REEVE_BASE_NAME_PATTERN_H_
