#ifndef REEVE_ENFORCEMENT_SPEC_ENV_DENIAL_H_
#define REEVE_ENFORCEMENT_SPEC_ENV_DENIAL_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// Environment variables that no task gets, by their names: a value.
class EnvDenial {
 public:
  // None.
  EnvDenial() = default;

  // "LD_*,TMPDIR": names, and beginnings of names with a "*" at the end; "" is
  // none. kInvalidArgument names what is neither.
  static absl::StatusOr<EnvDenial> Parse(absl::string_view text);

  bool Denies(absl::string_view name) const;

  // `env`, entries NAME=VALUE, without those that are denied.
  std::vector<std::string> RemoveFrom(std::vector<std::string> env) const;

 private:
  std::vector<std::string> names_;
  std::vector<std::string> prefixes_;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_ENV_DENIAL_H_
