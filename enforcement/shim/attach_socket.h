#ifndef REEVE_ENFORCEMENT_SHIM_ATTACH_SOCKET_H_
#define REEVE_ENFORCEMENT_SHIM_ATTACH_SOCKET_H_

#include <stdint.h>

#include "enforcement/shim/attach_message.h"
#include "enforcement/shim/plan_format.h"
#include "enforcement/shim/poll_set.h"

namespace reeve {

// Streams that a client handed over.
struct AttachedStreams {
  int fds[kAttachStreams] = {kNoFd, kNoFd, kNoFd};
  bool closes_input = false;
};

// The shim's side of attach_message.h: one caller at a time, and never waits
// for one. Thread-compatible.
class AttachSocket {
 public:
  // `listening_fd` stays the caller's; kNoFd if nobody can attach.
  explicit AttachSocket(int listening_fd);

  void Register(PollSet& set) const;

  // Whether a caller handed over streams, which are in *streams then, and waits
  // for Answer().
  bool Take(AttachedStreams* streams);
  void Answer(AttachReply reply);

 private:
  const int listening_fd_;
  int caller_fd_ = kNoFd;
  int64_t caller_since_ms_ = 0;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_ATTACH_SOCKET_H_
