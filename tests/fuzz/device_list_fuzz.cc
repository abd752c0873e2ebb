// devices.list of a v1 cgroup.

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "enforcement/cgroup/device_list.h"
#include "tests/fuzz/fuzz_check.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::StatusOr<std::vector<reeve::DeviceAccess>> list =
      reeve::ParseDeviceList(reeve::TextOf(data, size));
  if (!list.ok()) {
    FUZZ_CHECK(absl::IsDataLoss(list.status()));
    FUZZ_CHECK(!absl::StrContains(list.status().message(), '\n'));
    return 0;
  }
  const std::vector<reeve::DeviceAccess> merged =
      reeve::MergeDeviceAccess(*list);
  std::string text;
  for (const reeve::DeviceAccess& access : merged) {
    absl::StrAppend(&text, reeve::DeviceAccessText(access), "\n");
  }
  const absl::StatusOr<std::vector<reeve::DeviceAccess>> again =
      reeve::ParseDeviceList(text);
  FUZZ_CHECK(again.ok() && *again == merged);
  FUZZ_CHECK(reeve::DeviceAccessBeyond(*list, merged).empty());
  return 0;
}
