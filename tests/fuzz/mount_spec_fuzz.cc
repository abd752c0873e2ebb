// A mount as it is given on the command line.

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "enforcement/spec/mount_spec.h"
#include "tests/fuzz/fuzz_check.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::StatusOr<reeve::MountSpec> mount =
      reeve::ParseMount(reeve::TextOf(data, size));
  if (!mount.ok()) {
    FUZZ_CHECK(absl::IsInvalidArgument(mount.status()));
    FUZZ_CHECK(!absl::StrContains(mount.status().message(), '\n'));
    return 0;
  }
  FUZZ_CHECK(reeve::IsPlainPath(mount->target) && mount->target != "/");
  FUZZ_CHECK(mount->kind == reeve::MountKind::kTmpfs
                 ? mount->source.empty()
                 : reeve::IsPlainPath(mount->source));
  FUZZ_CHECK(reeve::ValidateMounts({*mount}).ok());

  const std::string text = reeve::MountText(*mount);
  const absl::StatusOr<reeve::MountSpec> again = reeve::ParseMount(text);
  FUZZ_CHECK(again.ok() && reeve::MountText(*again) == text);
  FUZZ_CHECK(again->source == mount->source);
  FUZZ_CHECK(again->target == mount->target);
  FUZZ_CHECK(again->size == mount->size);
  FUZZ_CHECK(again->mode == mount->mode ||
             mount->kind == reeve::MountKind::kBind);
  return 0;
}
