#ifndef REEVE_AGENT_HTTP_PASSWORD_H_
#define REEVE_AGENT_HTTP_PASSWORD_H_

#include <string>

namespace reeve {

// Whether `password` is the one that `hash`, of crypt(5)'s bcrypt, was made of.
// Takes as long as the hash's cost says, by intention. Thread-safe.
bool IsPasswordOf(const std::string& hash, const std::string& password);

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_PASSWORD_H_
