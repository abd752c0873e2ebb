#ifndef REEVE_AGENT_HTTP_CONNECTION_LOOP_H_
#define REEVE_AGENT_HTTP_CONNECTION_LOOP_H_

#include <memory>
#include <vector>

#include "absl/time/time.h"
#include "agent/http/connection.h"
#include "agent/http/connection_limits.h"
#include "agent/http/http_handler.h"
#include "base/clock.h"
#include "base/unique_fd.h"

namespace reeve {

// Serves every connection of a listening socket on the thread that calls Run().
// Run() and the destructor belong to one thread; Stop() to any.
class ConnectionLoop {
 public:
  // `stop` is an eventfd(2). `limits`, `clock` and `handler` must outlive the
  // loop.
  ConnectionLoop(UniqueFd listener, UniqueFd stop,
                 const ConnectionLimits& limits, const Clock& clock,
                 HttpHandler& handler);

  // Returns after Stop(), with every connection closed.
  void Run();

  void Stop();

 private:
  void Accept();
  // Closes the connection that can best be done without. False if there is
  // none.
  bool GiveUpOne();
  void RemoveClosed();
  int TimeoutMilliseconds() const;

  const UniqueFd listener_;
  const UniqueFd stop_;
  const ConnectionLimits& limits_;
  const Clock& clock_;
  HttpHandler& handler_;
  std::vector<std::unique_ptr<Connection>> connections_;
  // Out of descriptors and nobody to give up: no new connection before this.
  absl::Duration accept_after_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_CONNECTION_LOOP_H_
