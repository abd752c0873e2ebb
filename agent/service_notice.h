#ifndef REEVE_AGENT_SERVICE_NOTICE_H_
#define REEVE_AGENT_SERVICE_NOTICE_H_

#include <string>

#include "absl/status/status.h"

namespace reeve {

// Where the service manager that started this process wants to be told of its
// state: $NOTIFY_SOCKET; empty if there is none, or none that asks.
std::string NoticeSocket();

// Tells it: "READY=1", "STOPPING=1" or what else sd_notify(3) has. Does nothing
// if `socket` is empty; the error says what failed. Thread-safe.
absl::Status NotifyServiceManager(const std::string& socket,
                                  const std::string& state);

}  // namespace reeve

#endif  // REEVE_AGENT_SERVICE_NOTICE_H_
