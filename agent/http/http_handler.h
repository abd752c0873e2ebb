#ifndef REEVE_AGENT_HTTP_HTTP_HANDLER_H_
#define REEVE_AGENT_HTTP_HTTP_HANDLER_H_

#include <optional>

#include "agent/http/http_request.h"
#include "agent/http/http_response.h"

namespace reeve {

// Answers the requests of every connection, on the thread of the loop.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;

  // Nothing if the answer is not ready: the same request is then to be given
  // again when the loop is woken.
  virtual std::optional<HttpResponse> Answer(HttpRequest* request) = 0;

  // What to say where no request could be understood: 400, 408, 431 or 505; or
  // where one may not be answered: 401, 503.
  virtual HttpResponse Refuse(int code) = 0;
};

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_HTTP_HANDLER_H_
