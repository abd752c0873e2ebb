#ifndef REEVE_COLLECTORS_PROCFS_NET_DEV_H_
#define REEVE_COLLECTORS_PROCFS_NET_DEV_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "collectors/extra_sample.h"

namespace reeve {

// The interfaces of one network namespace, from `net/dev`: two lines of
// headings, then one a line, with eight numbers of what was received and eight
// of what was sent:
//
//   eth0: 87320334    1885    0    0    0     0          0         0    79420 …
//
// kDataLoss if a line is not like that.
absl::StatusOr<std::vector<InterfaceTraffic>> ParseNetDev(
    absl::string_view contents);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCFS_NET_DEV_H_
