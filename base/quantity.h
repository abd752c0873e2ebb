#ifndef REEVE_BASE_QUANTITY_H_
#define REEVE_BASE_QUANTITY_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace reeve {

// Amounts as people write them. What cannot be taken is kInvalidArgument with
// one line: the text, and what is accepted. Surrounding blanks are refused, as
// are signs, exponents, "nan" and "inf".

// Bytes: "1048576", "512K", "64M", "1.5G", "2T"; units are powers of 1024, in
// either case, and may be followed by "B" or "iB".
absl::StatusOr<uint64_t> ParseSize(absl::string_view text);

// ParseSize, or nullopt for "max" and "unlimited".
absl::StatusOr<std::optional<uint64_t>> ParseSizeLimit(absl::string_view text);

// "100ms", "10s", "1m30s", "1.5h"; "0" is the only number without a unit.
absl::StatusOr<absl::Duration> ParseDuration(absl::string_view text);

// CPU cores, more than 0: "0.5", "2"; nullopt for "max" and "unlimited".
absl::StatusOr<std::optional<double>> ParseCpusLimit(absl::string_view text);

// A whole number: "64".
absl::StatusOr<uint64_t> ParseCount(absl::string_view text);

// A whole number that may be below 0: "-5".
absl::StatusOr<int> ParseInteger(absl::string_view text);

// ParseCount, or nullopt for "max" and "unlimited".
absl::StatusOr<std::optional<uint64_t>> ParseCountLimit(absl::string_view text);

// For tables, at most 6 characters up to 1 EiB: "0", "512", "64M", "1.5G".
// Rounded to one decimal; not meant to be parsed again.
std::string ShortSize(uint64_t bytes);

// For tables, the two largest units: "0", "45ms", "3.2s", "1m30s", "2h05m",
// "3d04h". Rounded down; not meant to be parsed again.
std::string ShortDuration(absl::Duration duration);

}  // namespace reeve

#endif  // REEVE_BASE_QUANTITY_H_
