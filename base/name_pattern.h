#ifndef REEVE_BASE_NAME_PATTERN_H_
#define REEVE_BASE_NAME_PATTERN_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace re2 {
class RE2;
}  // namespace re2

namespace reeve {

// A regular expression in RE2's syntax for whole names, as Prometheus anchors
// its own: "loop[0-9]+|sr.*". Copies are cheap. Thread-safe.
class NamePattern {
 public:
  // Matches nothing.
  NamePattern() = default;

  // kInvalidArgument with what is wrong with it. An empty one matches nothing.
  static absl::StatusOr<NamePattern> Compile(absl::string_view expression);

  bool Matches(absl::string_view name) const;

  // Whether both are of the same text.
  bool operator==(const NamePattern& other) const;

 private:
  std::shared_ptr<const re2::RE2> compiled_;
};

}  // namespace reeve

#endif  // REEVE_BASE_NAME_PATTERN_H_
