#ifndef REEVE_AGENT_CLI_GROUP_LIST_TEXT_H_
#define REEVE_AGENT_CLI_GROUP_LIST_TEXT_H_

#include <string>

#include "agent/api/task_service.pb.h"

namespace reeve {

// The table of `reeve group ls`, in the order of the list.
std::string GroupListText(const v1::ListGroupsResponse& list);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_GROUP_LIST_TEXT_H_
