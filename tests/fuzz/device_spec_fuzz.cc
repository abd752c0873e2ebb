// A device as it is given on the command line.

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "enforcement/spec/device_rule.h"
#include "tests/fuzz/fuzz_check.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::StatusOr<reeve::DeviceSpec> device =
      reeve::ParseDevice(reeve::TextOf(data, size));
  if (!device.ok()) {
    FUZZ_CHECK(absl::IsInvalidArgument(device.status()));
    FUZZ_CHECK(!absl::StrContains(device.status().message(), '\n'));
    return 0;
  }
  FUZZ_CHECK(absl::StartsWith(device->host_path, "/"));
  FUZZ_CHECK(absl::StartsWith(device->task_path, "/dev/"));
  FUZZ_CHECK(!absl::StrContains(device->task_path + "/", "/../"));

  const std::string text = reeve::DeviceText(*device);
  const absl::StatusOr<reeve::DeviceSpec> again = reeve::ParseDevice(text);
  FUZZ_CHECK(again.ok() && reeve::DeviceText(*again) == text);
  FUZZ_CHECK(again->host_path == device->host_path);
  FUZZ_CHECK(again->task_path == device->task_path);
  return 0;
}
