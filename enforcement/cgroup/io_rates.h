#ifndef REEVE_ENFORCEMENT_CGROUP_IO_RATES_H_
#define REEVE_ENFORCEMENT_CGROUP_IO_RATES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// The four rates of one device as io.max of cgroup v2 has them, behind the
// device: "rbps=1048576 wbps=max riops=max wiops=max". Pure.
struct IoRates {
  Bound read_bps;
  Bound write_bps;
  Bound read_iops;
  Bound write_iops;
};

// A rate that is not there is no limit, as are all of "".
IoRates ParseIoRates(absl::string_view text);

std::string FormatIoRates(const IoRates& rates);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_IO_RATES_H_
