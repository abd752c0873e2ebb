#ifndef REEVE_COLLECTORS_CGROUP_V2_IO_STAT_H_
#define REEVE_COLLECTORS_CGROUP_V2_IO_STAT_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "collectors/extra_sample.h"

namespace reeve {

// cgroup v2 `io.stat`, a device a line, with its number for a name:
//
//   8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0
//
// What a line does not tell is absent, and keys of newer kernels are passed
// over. A line that is none of a device is left out, so that one odd line does
// not cost all others. kDataLoss if all lines are odd.
absl::StatusOr<std::vector<DeviceIo>> ParseIoStatV2(absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_V2_IO_STAT_H_
