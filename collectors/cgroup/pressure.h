#ifndef REEVE_COLLECTORS_CGROUP_PRESSURE_H_
#define REEVE_COLLECTORS_CGROUP_PRESSURE_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// The totals of `cpu.pressure`, `memory.pressure` or `io.pressure`, in
// microseconds:
//
//   some avg10=0.00 avg60=0.00 avg300=0.00 total=1234
//   full avg10=0.00 avg60=0.00 avg300=0.00 total=56
struct Pressure {
  // Some processes waited.
  uint64_t some_usec = 0;
  // All that had something to do waited. Absent of the CPU before Linux 5.13.
  std::optional<uint64_t> full_usec;
};

// kDataLoss if there is no "some", or a total is missing or not a number.
absl::StatusOr<Pressure> ParsePressure(absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_PRESSURE_H_
