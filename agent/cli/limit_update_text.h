#ifndef REEVE_AGENT_CLI_LIMIT_UPDATE_TEXT_H_
#define REEVE_AGENT_CLI_LIMIT_UPDATE_TEXT_H_

#include <string>

#include "agent/api/task_service.pb.h"
#include "agent/cli/limit_settings_text.h"

namespace reeve {

// "reclaimed 120M; 34M in use\n"
std::string MemoryDecreaseText(const v1::MemoryDecrease& decrease);

// What an UpdateResponse or a SetGroupResponse tells people.
template <typename Response>
std::string LimitUpdateText(const Response& response) {
  if (response.changed().empty()) {
    return "nothing to change: these limits are in force\n";
  }
  std::string text = LimitSettingsText(response.changed());
  if (response.has_memory_decrease()) {
    text += MemoryDecreaseText(response.memory_decrease());
  }
  return text;
}

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_LIMIT_UPDATE_TEXT_H_
