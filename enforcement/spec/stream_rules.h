#ifndef REEVE_ENFORCEMENT_SPEC_STREAM_RULES_H_
#define REEVE_ENFORCEMENT_SPEC_STREAM_RULES_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "enforcement/spec/task_spec.h"

namespace reeve {

constexpr uint64_t kMinLogSize = 4096;
constexpr uint32_t kMaxLogFiles = 100;
constexpr uint32_t kDefaultLogFiles = 2;
// Of a log in the state directory.
constexpr uint64_t kDefaultStateLogSize = 1 << 20;

// Whether a path of the spec names a file, and not nothing.
bool NamesFile(const std::string& path);

// Whether a stream of a spec with this path is written to a log by the shim.
bool IsLogged(const TaskSpec& spec, const std::string& path);

// The rotation of such a log, with defaults in place.
LogFiles RotationOf(const TaskSpec& spec, const std::string& path);

// kInvalidArgument, naming the field and what to change, where terminal, logs
// and paths do not go together.
absl::Status ValidateStreams(const TaskSpec& spec);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_STREAM_RULES_H_
