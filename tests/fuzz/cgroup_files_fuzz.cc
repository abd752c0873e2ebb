// The files of a cgroup that are read in each sample.

#include <optional>

#include "base/flat_keyed.h"
#include "base/kernel_number.h"
#include "collectors/cgroup/memory_breakdown.h"
#include "collectors/cgroup/memory_events.h"
#include "collectors/cgroup/pids_events.h"
#include "collectors/cgroup/v1/cpu_stat.h"
#include "collectors/cgroup/v1/cpuacct_stat.h"
#include "collectors/cgroup/v1/memory_stat.h"
#include "collectors/cgroup/v2/cpu_stat.h"
#include "collectors/cgroup/v2/memory_stat.h"
#include "tests/fuzz/fuzz_check.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = reeve::TextOf(data, size);
  (void)reeve::ParseCpuStatV1(text);
  (void)reeve::ParseCpuacctStatV1(text);
  (void)reeve::ParseMemoryStatV1(text);
  (void)reeve::ParseCpuStatV2(text);
  (void)reeve::ParseMemoryStatV2(text);
  (void)reeve::ParseMemoryBreakdown(reeve::CgroupVersion::kV1, text);
  (void)reeve::ParseMemoryBreakdown(reeve::CgroupVersion::kV2, text);
  (void)reeve::ParseMemoryEvents(text);
  (void)reeve::ParseForkFailures(text);
  (void)reeve::ParseKernelNumber(text);
  (void)reeve::ParseKernelLimit(text);

  std::optional<uint64_t> value;
  const absl::Status scanned = reeve::ScanFlatKeyed(text, {{"oom", &value}});
  FUZZ_CHECK(scanned.ok() || absl::IsDataLoss(scanned));
  return 0;
}
