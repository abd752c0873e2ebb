// Sizes, durations, cores and counts, as people write them.

#include "absl/strings/str_cat.h"
#include "base/quantity.h"
#include "tests/fuzz/fuzz_check.h"

namespace reeve {
namespace {

// The variant with "max" takes whatever the plain one does, to the same value.
template <typename Value>
void CheckAgree(const absl::StatusOr<Value>& plain,
                const absl::StatusOr<std::optional<Value>>& limit) {
  if (plain.ok()) FUZZ_CHECK(limit.ok() && *limit == *plain);
  if (!plain.ok() && limit.ok()) FUZZ_CHECK(!limit->has_value());
}

void CheckShort(const std::string& text, size_t most) {
  FUZZ_CHECK(!text.empty() && text.size() <= most);
}

void Parse(absl::string_view text) {
  const absl::StatusOr<uint64_t> size = ParseSize(text);
  CheckAgree(size, ParseSizeLimit(text));
  if (size.ok()) CheckShort(ShortSize(*size), 7);

  const absl::StatusOr<uint64_t> count = ParseCount(text);
  CheckAgree(count, ParseCountLimit(text));
  if (count.ok())
    FUZZ_CHECK(ParseCount(absl::StrCat(*count)).value() == *count);

  const absl::StatusOr<int> integer = ParseInteger(text);
  if (integer.ok()) {
    FUZZ_CHECK(ParseInteger(absl::StrCat(*integer)).value() == *integer);
  }

  const absl::StatusOr<absl::Duration> duration = ParseDuration(text);
  if (duration.ok()) {
    FUZZ_CHECK(*duration >= absl::ZeroDuration());
    FUZZ_CHECK(*duration < absl::InfiniteDuration());
    CheckShort(ShortDuration(*duration), 24);
  }

  const absl::StatusOr<std::optional<double>> cores = ParseCpusLimit(text);
  if (cores.ok() && cores->has_value()) FUZZ_CHECK(**cores > 0);
}

}  // namespace
}  // namespace reeve

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  reeve::Parse(reeve::TextOf(data, size));
  return 0;
}
