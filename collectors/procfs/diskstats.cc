#include "collectors/procfs/diskstats.h"

#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "base/kernel_number.h"
#include "base/words.h"

namespace reeve {
namespace {

// Whatever the device's own sectors are.
constexpr uint64_t kSectorBytes = 512;
constexpr uint64_t kNanosecondsPerMillisecond = 1'000'000;

// Of a line: the device's number comes before its name.
constexpr size_t kName = 2;
constexpr size_t kNumbers = 11;
// Among the numbers.
constexpr size_t kWritten = 4;
constexpr size_t kBusy = 9;
constexpr size_t kWeighted = 10;

// Requests, those that were merged with others, sectors, milliseconds.
DiskTraffic TrafficFrom(absl::Span<const uint64_t> numbers) {
  return {numbers[0], numbers[2] * kSectorBytes,
          numbers[3] * kNanosecondsPerMillisecond};
}

bool ParseNumbers(absl::Span<const absl::string_view> words,
                  DiskCounters* disk) {
  std::array<uint64_t, kNumbers> numbers;
  for (size_t i = 0; i < kNumbers; ++i) {
    const std::optional<uint64_t> number = DecimalFrom(words[i]);
    if (!number.has_value()) return false;
    numbers[i] = *number;
  }
  const auto span = absl::MakeConstSpan(numbers);
  disk->read = TrafficFrom(span);
  disk->written = TrafficFrom(span.subspan(kWritten));
  disk->busy_ns = numbers[kBusy] * kNanosecondsPerMillisecond;
  disk->weighted_ns = numbers[kWeighted] * kNanosecondsPerMillisecond;
  return true;
}

}  // namespace

absl::StatusOr<std::vector<DiskCounters>> ParseDiskstats(
    absl::string_view contents) {
  std::vector<DiskCounters> disks;
  while (!contents.empty()) {
    const absl::string_view line = TakeLine(&contents);
    std::array<absl::string_view, kName + 1 + kNumbers> words;
    const size_t count = SplitWords(line, absl::MakeSpan(words));
    if (count == 0) continue;
    DiskCounters disk;
    if (count < words.size() ||
        !ParseNumbers(absl::MakeConstSpan(words).subspan(kName + 1), &disk)) {
      return absl::DataLossError(absl::StrCat(
          "not of a device: \"", absl::CEscape(line.substr(0, 60)), "\""));
    }
    disk.device = std::string(words[kName]);
    disks.push_back(std::move(disk));
  }
  return disks;
}

}  // namespace reeve
