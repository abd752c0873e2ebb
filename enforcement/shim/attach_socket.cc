#include "enforcement/shim/attach_socket.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "enforcement/shim/monotonic_time.h"

namespace reeve {
namespace {

// For a caller that connects and says nothing.
constexpr int kPatienceMs = 5000;

constexpr size_t kDescriptorsSize = kAttachStreams * sizeof(int);

union DescriptorMessage {
  cmsghdr header;
  char bytes[CMSG_SPACE(kDescriptorsSize)];
};

void CloseAll(const AttachedStreams& streams) {
  for (const int fd : streams.fds) {
    if (fd != kNoFd) close(fd);
  }
}

void TakeDescriptors(msghdr& message, AttachedStreams* streams) {
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_level != SOL_SOCKET ||
      header->cmsg_type != SCM_RIGHTS) {
    return;
  }
  const size_t size = header->cmsg_len - CMSG_LEN(0);
  memcpy(streams->fds, CMSG_DATA(header),
         size < kDescriptorsSize ? size : kDescriptorsSize);
}

// Returns what recvmsg(2) does.
ssize_t Receive(int fd, AttachMessage* hello, AttachedStreams* streams) {
  iovec data = {hello, sizeof(*hello)};
  DescriptorMessage control;
  msghdr message = {};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes;
  message.msg_controllen = sizeof(control.bytes);
  const ssize_t n = recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (n >= 0) TakeDescriptors(message, streams);
  return n;
}

bool HasAll(const AttachedStreams& streams) {
  for (const int fd : streams.fds) {
    if (fd == kNoFd) return false;
  }
  return true;
}

}  // namespace

AttachSocket::AttachSocket(int listening_fd) : listening_fd_(listening_fd) {}

void AttachSocket::Register(PollSet& set) const {
  if (listening_fd_ == kNoFd) return;
  set.Add(caller_fd_ == kNoFd ? listening_fd_ : caller_fd_, POLLIN);
  if (caller_fd_ != kNoFd) set.LimitWait(kPatienceMs);
}

bool AttachSocket::Take(AttachedStreams* streams) {
  if (listening_fd_ == kNoFd) return false;
  if (caller_fd_ == kNoFd) {
    caller_fd_ =
        accept4(listening_fd_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (caller_fd_ < 0) {
      caller_fd_ = kNoFd;
      return false;
    }
    caller_since_ms_ = MonotonicMs();
  }
  AttachMessage hello = {};
  const ssize_t n = Receive(caller_fd_, &hello, streams);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
    if (MonotonicMs() - caller_since_ms_ >= kPatienceMs) {
      Answer(AttachReply::kNotUnderstood);
    }
    return false;
  }
  streams->closes_input = hello.closes_input != 0;
  if (n == sizeof(hello) && hello.magic == kAttachMagic && HasAll(*streams)) {
    return true;
  }
  CloseAll(*streams);
  Answer(AttachReply::kNotUnderstood);
  return false;
}

void AttachSocket::Answer(AttachReply reply) {
  // Who does not wait for it has lost nothing.
  (void)!write(caller_fd_, &reply, sizeof(reply));
  close(caller_fd_);
  caller_fd_ = kNoFd;
}

}  // namespace reeve
