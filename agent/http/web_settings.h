#ifndef REEVE_AGENT_HTTP_WEB_SETTINGS_H_
#define REEVE_AGENT_HTTP_WEB_SETTINGS_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "agent/http/basic_auth.h"
#include "agent/http/tls_context.h"

namespace reeve {

// How connections are to be secured, ready to use.
struct WebSettings {
  // Null: plain HTTP.
  std::shared_ptr<const TlsContext> tls;
  // Null: everybody may see the pages.
  std::shared_ptr<BasicAuth> auth;
  // Of every answer, in the place of what it has itself.
  std::vector<std::pair<std::string, std::string>> headers;
};

// What is in force now; never null.
using WebSettingsSource = std::function<std::shared_ptr<const WebSettings>()>;

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_WEB_SETTINGS_H_
