#ifndef REEVE_AGENT_SPEC_TRUSTED_WRITERS_H_
#define REEVE_AGENT_SPEC_TRUSTED_WRITERS_H_

#include <sys/stat.h>

#include "absl/status/status.h"

namespace reeve {

// Who may have written the files that are read.
enum class TrustedWriters {
  kAnybody,
  // Root and this process' user, and nobody else may write to them: what they
  // say is run on their behalf.
  kOwner,
};

// kPermissionDenied, saying what to change, if others may have written what
// `info` is of.
absl::Status CheckWriters(const struct stat& info, TrustedWriters writers);

}  // namespace reeve

#endif  // REEVE_AGENT_SPEC_TRUSTED_WRITERS_H_
