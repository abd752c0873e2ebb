#ifndef REEVE_BASE_YAML_H_
#define REEVE_BASE_YAML_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// One value of a YAML document, with what is below it.
struct YamlNode {
  enum class Kind { kNull, kScalar, kSequence, kMapping };

  Kind kind = Kind::kNull;
  // From 1.
  size_t line = 0;
  // Of a scalar.
  std::string text;
  std::vector<YamlNode> items;
  // In the order of the document; no key is there twice.
  std::vector<std::pair<std::string, YamlNode>> entries;
};

// The one document of `text`; kNull if it is empty. As much of YAML as
// configuration needs: keys are scalars, and anchors, aliases and nesting
// deeper than ten levels are refused, so that a small text stays a small tree.
// kInvalidArgument says in which line what is wrong.
absl::StatusOr<YamlNode> ParseYaml(absl::string_view text);

}  // namespace reeve

#endif  // REEVE_BASE_YAML_H_
