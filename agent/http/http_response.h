#ifndef REEVE_AGENT_HTTP_HTTP_RESPONSE_H_
#define REEVE_AGENT_HTTP_HTTP_RESPONSE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace reeve {

// An answer. Its body is in pieces that others may hold too, so that a large
// page is not copied for each who reads it.
struct HttpResponse {
  int code = 200;
  std::string content_type = "text/plain; charset=utf-8";
  // "Name: value" each.
  std::vector<std::string> headers;
  std::vector<std::shared_ptr<const std::string>> body;
  // Called once the whole body was handed to the kernel; never for a part of
  // it, nor for HEAD.
  std::function<void()> on_sent;
};

// An answer of one line.
HttpResponse TextResponse(int code, const std::string& line);

// Gives the answer a header, in the place of one that it has of this name.
void SetHeader(absl::string_view name, absl::string_view value,
               HttpResponse* response);

// Status line and headers, with the empty line that ends them.
std::string ResponseHead(const HttpResponse& response, bool keep_alive,
                         absl::Time now);

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_HTTP_RESPONSE_H_
