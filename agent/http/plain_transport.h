#ifndef REEVE_AGENT_HTTP_PLAIN_TRANSPORT_H_
#define REEVE_AGENT_HTTP_PLAIN_TRANSPORT_H_

#include <cstddef>

#include "agent/http/transport.h"

namespace reeve {

// The bytes as they are.
class PlainTransport final : public Transport {
 public:
  // `fd` has to stay open.
  explicit PlainTransport(int fd) : fd_(fd) {}

  Outcome Handshake() override { return {Result::kDone}; }
  Outcome Read(char* buffer, size_t size) override;
  Outcome Write(const iovec* parts, size_t count) override;
  bool HasPending() const override { return false; }
  void EndOutput() override;

 private:
  const int fd_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_PLAIN_TRANSPORT_H_
