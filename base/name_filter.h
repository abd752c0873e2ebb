#ifndef REEVE_BASE_NAME_FILTER_H_
#define REEVE_BASE_NAME_FILTER_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/name_pattern.h"

namespace reeve {

// Which of things with names are wanted: those that one pattern matches and
// another does not. A value; thread-compatible.
class NameFilter {
 public:
  // Wants all.
  NameFilter() = default;

  // Wants those alone that match, or all if the text is empty. In RE2's syntax;
  // kInvalidArgument with what is wrong.
  absl::Status SetInclude(absl::string_view text);
  // Wants none that match, whatever SetInclude() said.
  absl::Status SetExclude(absl::string_view text);

  bool Wants(absl::string_view path) const;

  // Whether both were given the same texts.
  bool operator==(const NameFilter& other) const {
    return include_ == other.include_ && exclude_ == other.exclude_;
  }

 private:
  std::optional<NamePattern> include_;
  NamePattern exclude_;
};

}  // namespace reeve

#endif  // REEVE_BASE_NAME_FILTER_H_
