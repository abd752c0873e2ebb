// The kernel's list format of CPUs and memory nodes.

#include <algorithm>

#include "base/cpu_list.h"
#include "tests/fuzz/fuzz_check.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::StatusOr<reeve::CpuList> cpus =
      reeve::ParseCpuList(reeve::TextOf(data, size));
  if (!cpus.ok()) return 0;
  FUZZ_CHECK(std::is_sorted(cpus->begin(), cpus->end()));
  FUZZ_CHECK(std::adjacent_find(cpus->begin(), cpus->end()) == cpus->end());
  FUZZ_CHECK(reeve::ParseCpuList(reeve::FormatCpuList(*cpus)).value() == *cpus);
  FUZZ_CHECK(reeve::CpusWithout(*cpus, *cpus).empty());
  return 0;
}
