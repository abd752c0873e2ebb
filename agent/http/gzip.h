#ifndef REEVE_AGENT_HTTP_GZIP_H_
#define REEVE_AGENT_HTTP_GZIP_H_

#include <memory>
#include <string>
#include <vector>

namespace reeve {

// The pieces, one after the other, as one gzip stream (RFC 1952), made quickly
// rather than small. Empty if there is no memory for it.
std::string Gzip(const std::vector<std::shared_ptr<const std::string>>& pieces);

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_GZIP_H_
