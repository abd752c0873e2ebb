#ifndef REEVE_TESTS_AGENT_HTTP_HTTP_CLIENT_H_
#define REEVE_TESTS_AGENT_HTTP_HTTP_CLIENT_H_

#include <string>

#include "base/unique_fd.h"

namespace reeve {

struct HttpReply {
  int code = 0;
  // Status line and headers.
  std::string head;
  std::string body;
};

// A connection to a server on 127.0.0.1, byte by byte as a test wants it. What
// takes longer than 20 s fails the test. Thread-compatible.
class HttpClient {
 public:
  explicit HttpClient(int port);

  // Sends `bytes`; false if the server has closed the connection.
  bool Send(const std::string& bytes);

  // The next answer, whose body is as long as its headers say; `with_body` is
  // false for answers to HEAD. The code is 0 if the connection was closed.
  HttpReply Receive(bool with_body = true);

  // Waits until the answer has begun to arrive, and leaves it there.
  bool AwaitAnswer();

  // Whether the server closes the connection, without another byte.
  bool IsClosed();

 private:
  bool ReceiveMore();

  UniqueFd socket_;
  std::string received_;
};

// One request on a connection of its own: "GET /metrics", with header lines
// that end in "\r\n".
HttpReply Request(int port, const std::string& method_and_path,
                  const std::string& headers = "");

}  // namespace reeve

#endif  // REEVE_TESTS_AGENT_HTTP_HTTP_CLIENT_H_
