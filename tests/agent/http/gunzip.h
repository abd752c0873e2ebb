#ifndef REEVE_TESTS_AGENT_HTTP_GUNZIP_H_
#define REEVE_TESTS_AGENT_HTTP_GUNZIP_H_

#include <string>

namespace reeve {

// What was compressed; fails the test if `compressed` is not one whole gzip
// stream.
std::string Gunzip(const std::string& compressed);

}  // namespace reeve

#endif  // REEVE_TESTS_AGENT_HTTP_GUNZIP_H_
