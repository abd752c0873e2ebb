// io.stat of a cgroup, and what cgroup v1 has in its place.

#include "collectors/cgroup/v1/blkio_stat.h"
#include "collectors/cgroup/v2/io_stat.h"
#include "tests/fuzz/fuzz_check.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = reeve::TextOf(data, size);
  const auto v1 = reeve::ParseBlkioStat(text);
  FUZZ_CHECK(v1.ok() || absl::IsDataLoss(v1.status()));
  const auto v2 = reeve::ParseIoStatV2(text);
  FUZZ_CHECK(v2.ok() || absl::IsDataLoss(v2.status()));
  if (!v2.ok()) return 0;
  for (const reeve::DeviceIo& io : *v2) FUZZ_CHECK(!io.device.empty());
  return 0;
}
