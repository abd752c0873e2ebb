#ifndef REEVE_AGENT_CONTROL_CONTROL_LISTENER_H_
#define REEVE_AGENT_CONTROL_CONTROL_LISTENER_H_

#include <unistd.h>

#include <functional>
#include <map>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "agent/control/connection_quota.h"
#include "agent/control/peer_rules.h"
#include "agent/control/stdio_stash.h"
#include "base/unique_fd.h"

namespace reeve {

// Accepts connections on the control socket. Looks at who the peer is and at
// its first bytes, and passes on: a handover of standard streams to the stash,
// anything else, unread, to `serve`. A peer that says nothing is dropped, and
// one that is refused is told why in one line. Connections count, by user,
// until they end, those that were passed on too. Runs on one thread that never
// blocks on a peer.
class ControlListener {
 public:
  using ServeConnection = std::function<void(UniqueFd connection)>;

  // `stash` must outlive the listener. Whoever serves a connection ends it with
  // shutdown(2), not by closing alone.
  ControlListener(StdioStash& stash, ServeConnection serve,
                  PeerRules rules = {}, ConnectionQuota::Limits limits = {})
      : stash_(stash),
        serve_(std::move(serve)),
        rules_(std::move(rules)),
        quota_(geteuid(), limits) {}
  ~ControlListener();
  ControlListener(const ControlListener&) = delete;
  ControlListener& operator=(const ControlListener&) = delete;

  // Makes the socket and starts accepting: 0660, or 0666 where rules are given,
  // which decide then. A socket file that nobody
  // listens on is replaced. kAlreadyExists if somebody does.
  absl::Status Start(const std::string& path);

  // Ends the thread and removes the socket file.
  void Stop();

 private:
  struct Connection {
    UniqueFd fd;
    uid_t uid = 0;
    // Of its streams, once they were received.
    std::string token;
    // When it is dropped if it has not said what it wants.
    absl::Time deadline = absl::InfiniteFuture();
  };

  // One that was passed on.
  struct Served {
    // A copy, which is looked at for the end only.
    UniqueFd fd;
    uid_t uid = 0;
  };

  void Run();
  void Accept();
  // Counts it and waits for what it says.
  absl::Status Take(UniqueFd fd);
  void OnReadable(int fd);
  void PassOn(int fd);
  void OnServedEnd(int fd);
  void TakeStreams(Connection* connection);
  void Admit(Connection* connection);
  void Close(int fd);
  void DropSilent();

  StdioStash& stash_;
  const ServeConnection serve_;
  const PeerRules rules_;
  std::string path_;
  UniqueFd listener_;
  UniqueFd epoll_;
  UniqueFd stop_event_;
  std::thread thread_;
  // Only the listener's thread uses these.
  ConnectionQuota quota_;
  std::map<int, Connection> connections_;
  std::map<int, Served> served_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_CONTROL_CONTROL_LISTENER_H_
