#ifndef REEVE_ENFORCEMENT_SHIM_ATTACH_MESSAGE_H_
#define REEVE_ENFORCEMENT_SHIM_ATTACH_MESSAGE_H_

#include <cstdint>

namespace reeve {

// How streams are attached to a running task, over the unix socket `attach` in
// its state directory (unix(7), SOCK_STREAM):
//
//   agent                                       shim
//   AttachMessage + 3 descriptors  ---------->
//                                  <----------  AttachReply
//
// The descriptors (SCM_RIGHTS) are a client's standard input, output and error,
// each a pipe or a socket: the shim makes them non-blocking. They are the
// shim's from then on, and the connection is closed.
constexpr uint32_t kAttachMagic = 0x68637461;
constexpr int kAttachStreams = 3;
constexpr char kAttachSocket[] = "attach";

struct AttachMessage {
  uint32_t magic;
  // Whether the end of the client's input is the end of the task's.
  uint32_t closes_input;
};

enum class AttachReply : uint8_t {
  kAttached = 0,
  // As many are attached as can be.
  kFull = 1,
  kNotUnderstood = 2,
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_ATTACH_MESSAGE_H_
