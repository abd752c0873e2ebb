#ifndef REEVE_AGENT_CLI_DEVICE_LIMITS_TEXT_H_
#define REEVE_AGENT_CLI_DEVICE_LIMITS_TEXT_H_

#include <string>
#include <utility>
#include <vector>

#include "agent/api/task_service.pb.h"

namespace reeve {

// The limits of CPUs, memory nodes, devices and huge pages as people read them,
// by name; those that are not set are left out.
std::vector<std::pair<std::string, std::string>> DeviceLimitsText(
    const v1::Limits& limits);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_DEVICE_LIMITS_TEXT_H_
