#ifndef REEVE_BASE_CPU_LIST_H_
#define REEVE_BASE_CPU_LIST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// CPUs or memory nodes by their numbers, ascending, each once.
using CpuList = std::vector<uint32_t>;

// The kernel's list format, cpuset(7): "0-2,7"; "" is an empty list.
// kInvalidArgument, saying what is accepted, for blanks, a range that runs
// backwards and a number that no kernel has (above 8191).
absl::StatusOr<CpuList> ParseCpuList(absl::string_view text);

// As the kernel prints it: ranges as long as they can be, without a newline.
std::string FormatCpuList(const CpuList& cpus);

// Those of `cpus` that are not among `others`, and those that are.
CpuList CpusWithout(const CpuList& cpus, const CpuList& others);
CpuList CpusInBoth(const CpuList& cpus, const CpuList& others);
CpuList CpusInEither(const CpuList& cpus, const CpuList& others);

}  // namespace reeve

#endif  // REEVE_BASE_CPU_LIST_H_
