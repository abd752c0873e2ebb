#ifndef REEVE_COLLECTORS_CGROUP_DEVICE_NAMES_H_
#define REEVE_COLLECTORS_CGROUP_DEVICE_NAMES_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace reeve {

// The names of block devices by their numbers, as sysfs has them. Thread-
// compatible.
class DeviceNames {
 public:
  explicit DeviceNames(std::string sysfs) : sysfs_(std::move(sysfs)) {}

  // "sda" of "8:0", or the number if there is no such device (any more). Is
  // asked for again only when the number was not among those that Keep() kept.
  std::string NameOf(const std::string& number);

  // Forgets the names that were not asked for since the last call: a number may
  // be given to another device once the one before has gone.
  void Keep();

 private:
  struct Known {
    std::string number;
    std::string name;
    bool used;
  };

  std::string sysfs_;
  std::vector<Known> known_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_DEVICE_NAMES_H_
