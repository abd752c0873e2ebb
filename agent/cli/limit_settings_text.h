#ifndef REEVE_AGENT_CLI_LIMIT_SETTINGS_TEXT_H_
#define REEVE_AGENT_CLI_LIMIT_SETTINGS_TEXT_H_

#include <string>

#include "agent/api/task_service.pb.h"

namespace reeve {

// A table of kernel files: what was asked for, what was written, and what the
// kernel then said.
std::string LimitSettingsText(
    const google::protobuf::RepeatedPtrField<v1::LimitSetting>& settings);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_LIMIT_SETTINGS_TEXT_H_
