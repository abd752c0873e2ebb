#ifndef REEVE_AGENT_HTTP_CONNECTION_LOOP_H_
#define REEVE_AGENT_HTTP_CONNECTION_LOOP_H_

#include <atomic>
#include <memory>
#include <vector>

#include "absl/time/time.h"
#include "agent/http/connection.h"
#include "agent/http/connection_limits.h"
#include "agent/http/http_handler.h"
#include "agent/http/web_settings.h"
#include "base/clock.h"
#include "base/unique_fd.h"

namespace reeve {

// Serves every connection of a listening socket on the thread that calls Run().
// Run() and the destructor belong to one thread; the others to any.
class ConnectionLoop {
 public:
  // `wake` is a non-blocking eventfd(2). `limits`, `clock` and `handler` must
  // outlive the loop. `settings` is asked on its thread.
  ConnectionLoop(UniqueFd listener, UniqueFd wake,
                 const ConnectionLimits& limits, const Clock& clock,
                 HttpHandler& handler, WebSettingsSource settings);

  // Returns after Stop(), with every connection closed.
  void Run();

  void Stop();

  // Something was done on another thread: those who wait are to ask again.
  void Wake();

 private:
  void WakeConnections();
  void Accept();
  // Closes the connection that can best be done without. False if there is
  // none.
  bool GiveUpOne();
  void RemoveClosed();
  int TimeoutMilliseconds() const;

  const UniqueFd listener_;
  const UniqueFd wake_;
  const ConnectionLimits& limits_;
  const Clock& clock_;
  HttpHandler& handler_;
  const WebSettingsSource settings_;
  std::atomic<bool> is_stopped_{false};
  std::vector<std::unique_ptr<Connection>> connections_;
  // Out of descriptors and nobody to give up: no new connection before this.
  absl::Duration accept_after_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_CONNECTION_LOOP_H_
