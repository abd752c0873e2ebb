#ifndef REEVE_ENFORCEMENT_CGROUP_IO_VALUES_H_
#define REEVE_ENFORCEMENT_CGROUP_IO_VALUES_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "collectors/task_target.h"
#include "enforcement/cgroup/limit_setting.h"

namespace reeve {

// The part of LimitValuesOf() and SettingsInForce() for input and output. Pure.

void AddIoValues(const std::vector<LimitSetting>& settings,
                 LimitValues& values);

// Whether it is a file of the controller, called io on v2 and blkio on v1.
bool IsIoFile(absl::string_view file);

// The settings that a file's contents amount to: a weight other than the
// default, or one for each device that has a line.
void AddIoSettings(absl::string_view file, absl::string_view contents,
                   std::vector<LimitSetting>& settings);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_IO_VALUES_H_
