#ifndef REEVE_AGENT_HTTP_TRANSPORT_H_
#define REEVE_AGENT_HTTP_TRANSPORT_H_

#include <sys/uio.h>

#include <cstddef>

namespace reeve {

// How bytes get in and out of a non-blocking socket: as they are, or by TLS.
// Nothing waits. Thread-compatible.
class Transport {
 public:
  enum class Result {
    kDone,
    // The socket has to be readable, or writable, before the same call gets
    // any further.
    kWantsRead,
    kWantsWrite,
    // There will be no more: the peer has closed, or something went wrong.
    kEnded,
    // Of Handshake(): the client speaks plain HTTP to a server of TLS.
    kPlainHttp,
  };
  struct Outcome {
    Result result;
    // Read or written, if kDone.
    size_t bytes = 0;
  };

  virtual ~Transport() = default;

  // To be called until it is kDone, before anything else.
  virtual Outcome Handshake() = 0;
  virtual Outcome Read(char* buffer, size_t size) = 0;
  // Some of the bytes, which stay where they are until they are written.
  virtual Outcome Write(const iovec* parts, size_t count) = 0;
  // There are bytes to be read that the socket will not tell of.
  virtual bool HasPending() const = 0;
  // Tells the peer that nothing more will be written.
  virtual void EndOutput() = 0;
};

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_TRANSPORT_H_
