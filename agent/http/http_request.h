#ifndef REEVE_AGENT_HTTP_HTTP_REQUEST_H_
#define REEVE_AGENT_HTTP_HTTP_REQUEST_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// What the server needs to know of a request.
struct HttpRequest {
  std::string method;
  // Without the query, percent-decoded.
  std::string path;
  // What follows "?", as it came.
  std::string query;
  // The client will send another request on the connection.
  bool keep_alive = false;
  bool accepts_gzip = false;
  // The value of Accept; empty if there is none.
  std::string accept;
  // The value of Authorization; empty if there is none.
  std::string authorization;
  // Who answers may note here which snapshot the answer has to be of at least.
  uint64_t least_generation = 0;
  // A body follows the headers. It is never read: no path takes one.
  bool has_body = false;
};

// Parses the request line and headers of HTTP/1.0 and HTTP/1.1 (RFC 9112), up
// to and without the empty line that ends them. kInvalidArgument for what is
// not HTTP, kUnimplemented for another version of it.
absl::StatusOr<HttpRequest> ParseHttpRequest(absl::string_view head);

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_HTTP_REQUEST_H_
