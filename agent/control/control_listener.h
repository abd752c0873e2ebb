#ifndef REEVE_AGENT_CONTROL_CONTROL_LISTENER_H_
#define REEVE_AGENT_CONTROL_CONTROL_LISTENER_H_

#include <functional>
#include <map>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "agent/control/stdio_stash.h"
#include "base/unique_fd.h"

namespace reeve {

// Accepts connections on the control socket. Looks at who the peer is and at
// its first bytes, and passes on: a handover of standard streams to the stash,
// anything else, unread, to `serve`. A peer that says nothing is dropped. Runs
// on one thread that never blocks on a peer.
class ControlListener {
 public:
  using ServeConnection = std::function<void(UniqueFd connection)>;

  // `stash` must outlive the listener.
  ControlListener(StdioStash& stash, ServeConnection serve)
      : stash_(stash), serve_(std::move(serve)) {}
  ~ControlListener();
  ControlListener(const ControlListener&) = delete;
  ControlListener& operator=(const ControlListener&) = delete;

  // Makes the socket (0660) and starts accepting. A socket file that nobody
  // listens on is replaced. kAlreadyExists if somebody does.
  absl::Status Start(const std::string& path);

  // Ends the thread and removes the socket file.
  void Stop();

 private:
  struct Connection {
    UniqueFd fd;
    // Of its streams, once they were received.
    std::string token;
    // When it is dropped if it has not said what it wants.
    absl::Time deadline = absl::InfiniteFuture();
  };

  void Run();
  void Accept();
  void OnReadable(int fd);
  void TakeStreams(Connection* connection);
  void Close(int fd);
  void DropSilent();

  StdioStash& stash_;
  const ServeConnection serve_;
  std::string path_;
  UniqueFd listener_;
  UniqueFd epoll_;
  UniqueFd stop_event_;
  std::thread thread_;
  // Only the listener's thread uses these.
  std::map<int, Connection> connections_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_CONTROL_CONTROL_LISTENER_H_
