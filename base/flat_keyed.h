#ifndef REEVE_BASE_FLAT_KEYED_H_
#define REEVE_BASE_FLAT_KEYED_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace reeve {

// A key to look for, and where its value goes.
struct FlatKey {
  absl::string_view name;
  std::optional<uint64_t>* value;
};

// Reads the kernel's "flat keyed" format, one "KEY NUMBER\n" a line, in one
// pass and without allocating. A key that is not there leaves its value as it
// was; other keys may hold anything, since newer kernels add some. kDataLoss if
// a wanted key does not hold a number. Fastest with `wanted` in the order of
// the file.
absl::Status ScanFlatKeyed(absl::string_view contents,
                           absl::Span<const FlatKey> wanted);

}  // namespace reeve

#endif  // REEVE_BASE_FLAT_KEYED_H_
