#ifndef REEVE_AGENT_CONTROL_STDIO_HANDOVER_H_
#define REEVE_AGENT_CONTROL_STDIO_HANDOVER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/tasks/handed_streams.h"
#include "base/unique_fd.h"

namespace reeve {

// How a caller's own stdin, stdout and stderr reach a task: on a connection of
// its own to the control socket, which begins with these bytes and carries the
// three descriptors as SCM_RIGHTS (unix(7)):
//
//   caller                                  agent
//   "REEVEFD\n" + 3 descriptors  -------->
//                                <--------  "TOKEN\n"
//   Launch{stdio_token: TOKEN} on gRPC
//   close
//
// The agent forgets the streams when the connection closes unused.
constexpr char kHandoverGreeting[] = "REEVEFD\n";
constexpr size_t kHandoverGreetingSize = sizeof(kHandoverGreeting) - 1;

// The agent's side: reads greeting and descriptors from a connection that is
// readable. kInvalidArgument for anything but exactly three descriptors.
absl::StatusOr<HandedStreams> ReceiveStreams(int connection_fd);

// The caller's side: connects to `socket_path`, sends the three descriptors
// (which stay open here) and returns the token. `connection` must be kept until
// the launch has answered.
absl::StatusOr<std::string> SendStreams(const std::string& socket_path,
                                        int stdin_fd, int stdout_fd,
                                        int stderr_fd, UniqueFd* connection);

}  // namespace reeve

#endif  // REEVE_AGENT_CONTROL_STDIO_HANDOVER_H_
