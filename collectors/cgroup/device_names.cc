#include "collectors/cgroup/device_names.h"

#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstddef>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

// /sys/dev/block/8:0 is a link to ../../devices/…/block/sda.
std::string ReadName(const std::string& sysfs, const std::string& number) {
  char target[PATH_MAX];
  const std::string link = absl::StrCat(sysfs, "/dev/block/", number);
  const ssize_t size = readlink(link.c_str(), target, sizeof(target));
  if (size <= 0) return number;
  const absl::string_view path(target, static_cast<size_t>(size));
  const absl::string_view name = path.substr(path.rfind('/') + 1);
  return name.empty() ? number : std::string(name);
}

}  // namespace

std::string DeviceNames::NameOf(const std::string& number) {
  const auto found = absl::c_find_if(
      known_, [&number](const Known& one) { return one.number == number; });
  if (found != known_.end()) {
    found->used = true;
    return found->name;
  }
  known_.push_back({number, ReadName(sysfs_, number), true});
  return known_.back().name;
}

void DeviceNames::Keep() {
  known_.erase(std::remove_if(known_.begin(), known_.end(),
                              [](const Known& one) { return !one.used; }),
               known_.end());
  for (Known& one : known_) one.used = false;
}

}  // namespace reeve
