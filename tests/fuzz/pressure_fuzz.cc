// cpu.pressure, memory.pressure and io.pressure of a cgroup.

#include "collectors/cgroup/pressure.h"
#include "tests/fuzz/fuzz_check.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto pressure = reeve::ParsePressure(reeve::TextOf(data, size));
  FUZZ_CHECK(pressure.ok() || absl::IsDataLoss(pressure.status()));
  return 0;
}
