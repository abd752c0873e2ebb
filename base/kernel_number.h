#ifndef REEVE_BASE_KERNEL_NUMBER_H_
#define REEVE_BASE_KERNEL_NUMBER_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// Digits and nothing else; absent for anything else and for a number that does
// not fit. Never allocates.
std::optional<uint64_t> DecimalFrom(absl::string_view digits);

// A file that holds one number, such as memory.current: "4096\n". kDataLoss if
// it holds anything else.
absl::StatusOr<uint64_t> ParseKernelNumber(absl::string_view contents);

// A file that holds a limit, such as pids.max: "64\n", or "max\n" for none,
// which is given as nullopt. kDataLoss if it holds anything else.
absl::StatusOr<std::optional<uint64_t>> ParseKernelLimit(
    absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_BASE_KERNEL_NUMBER_H_
