// /proc/PID/net/dev.

#include "collectors/procfs/net_dev.h"
#include "tests/fuzz/fuzz_check.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto interfaces = reeve::ParseNetDev(reeve::TextOf(data, size));
  FUZZ_CHECK(interfaces.ok() || absl::IsDataLoss(interfaces.status()));
  if (!interfaces.ok()) return 0;
  for (const reeve::InterfaceTraffic& interface : *interfaces) {
    FUZZ_CHECK(!interface.device.empty());
  }
  return 0;
}
