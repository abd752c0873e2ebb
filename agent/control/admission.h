#ifndef REEVE_AGENT_CONTROL_ADMISSION_H_
#define REEVE_AGENT_CONTROL_ADMISSION_H_

#include <cstddef>

#include "absl/status/status.h"

namespace reeve {

// How a caller finds out whether the agent lets it in, and if not why: gRPC
// could only say that the connection was lost. It may begin a connection with a
// question, and goes on with what it wants once it has the answer:
//
//   caller                          agent
//   "REEVEOK\n"          -------->
//                        <--------  "OK\n"
//
// An agent that refuses a peer sends one line that says why and closes,
// whatever the peer sends.
constexpr char kAdmissionGreeting[] = "REEVEOK\n";
constexpr size_t kAdmissionGreetingSize = sizeof(kAdmissionGreeting) - 1;
constexpr char kAdmitted[] = "OK";

// Asks on a connection that is new and blocks; waits 10 s for the answer.
// kPermissionDenied with the line of an agent that refuses, kUnavailable if it
// says nothing.
absl::Status AskForAdmission(int connection_fd);

}  // namespace reeve

#endif  // REEVE_AGENT_CONTROL_ADMISSION_H_
